import TestSupport
import Testing

@testable import reimburse

@Suite("The figures of the benchmark")
struct BenchmarkFigureTests {
    @Test("have the value in the middle, the ends, and so many percent within")
    func spread() {
        let odd = Spread([5, 1, 9])
        #expect((odd.median, odd.minimum, odd.maximum) == (5, 1, 9))
        #expect(Spread([4, 1, 2, 9]).median == 3)
        #expect(Spread([7]).median == 7)
        let hundred = Spread((1...100).map(Double.init).reversed())
        #expect([50, 90, 100].map(hundred.percentile) == [50, 90, 100])
        #expect(Spread([3]).percentile(1) == 3)
    }

    @Test("are compared round by round, or by their medians where the rounds differ")
    func ratios() {
        #expect(Spread([10, 30]).ratio(to: Spread([5, 10])).values == [2, 3])
        #expect(Spread([10, 30, 20]).ratio(to: Spread([5, 15])).values == [2])
        let measurement = Measurement("a run", "ms", [6, 9], control: .init("nothing", "ms", [2, 3]))
        #expect(measurement.ratio?.values == [3, 3])
        #expect(Measurement("a run", "ms", [6]).ratio == nil)
    }

    @Test(
        "are written with three digits or so, thousands apart",
        arguments: [
            (0, "0.00"), (0.01734, "0.0173"), (0.456, "0.46"), (9.999, "10.00"), (27.39, "27.4"), (2716.9, "2,717"),
            (1_234_567, "1,234,567"), (-12.34, "-12.3"), (.infinity, "–"),
        ] as [(Double, String)]
    )
    func numbers(number: Double, text: String) {
        #expect(NumberText.short(number) == text)
    }

    @Test("make pictures whose texts cannot break them")
    func pictures() {
        let bars = [
            BarChart.Bar(label: "<a> & \"b\"", remark: "x", value: Spread([0.5, 2])),
            BarChart.Bar(label: "c", remark: "y", value: Spread([3])),
        ]
        let chart = BarChart(title: "a < b", bars: bars).svg
        #expect(chart.contains(">a &lt; b</text>"))
        #expect(chart.contains(">&lt;a&gt; &amp; &quot;b&quot;</text>"))
        #expect(chart.contains("prefers-color-scheme: dark"))
        let points = [10.0, 100].map { LineChart.Point(x: $0, y: Spread([$0])) }
        let both = [LineChart.Line(name: "n", points: points), LineChart.Line(name: "m", points: [points[0]])]
        let lines = LineChart(title: "t", lines: both)
        for picture in [chart, lines.svg] {
            #expect(picture.hasPrefix("<svg ") && picture.hasSuffix("</svg>\n"))
            #expect(!picture.contains("nan") && !picture.contains("inf"))
            let tags = picture.split(separator: "<").compactMap { $0.split { !$0.isLetter && $0 != "/" }.first }
            for tag in ["svg", "style", "text"] {
                #expect(tags.count { $0 == tag } == tags.count { $0 == "/" + tag })
            }
        }
    }

    @Test("leave the smallest batch and the controls as they are where the size grows")
    func sizes() throws {
        let large = BenchmarkPlan(size: try #require(BenchmarkSize(argument: "large")), rounds: 1)
        #expect(BulkScenario.sizes(large) == [1000, 10_000, 1_000_000])
        let tiny = BenchmarkPlan(size: try #require(BenchmarkSize(argument: "0.001")), rounds: 1)
        #expect(BulkScenario.sizes(tiny) == [10, 20, 30])
        #expect(BenchmarkSize(argument: "-1") == nil)
        #expect(ScenarioSelection(argument: "bulk, single")?.scenarios == [.single, .bulk])
        #expect(ScenarioSelection(argument: "bulk,,") != nil)
        #expect(ScenarioSelection(argument: "bulk,x") == nil)
    }
}
