/// Bars of ratios, one under the other, each with its spread and a mark at 1.
struct BarChart {
    /// What the chart shows.
    let title: String
    /// The bars, from the top.
    let bars: [Bar]

    /// A bar.
    struct Bar {
        /// What it is of.
        let label: String
        /// The figures that the ratio comes from.
        let remark: String
        /// The ratio.
        let value: Spread
    }

    /// The chart as a picture.
    var svg: String {
        let (left, width, row, top) = (16.0, 760.0, 52.0, 48.0)
        let room = width - 130
        let largest = max(bars.map(\.value.maximum).reduce(1, max), 1)
        var svg = SVG()
        svg.text(title, left, 28, .title)
        let bottom = top + row * Double(bars.count)
        let one = left + room / largest
        svg.text("1", one, bottom + 14, .remark, .middle)
        for (index, bar) in bars.enumerated() {
            let y = top + row * Double(index)
            func x(_ value: Double) -> Double { left + room * value / largest }
            svg.text(bar.label, left, y + 12, .label)
            svg.box(left, y + 18, width: max(x(bar.value.median) - left, 1), height: 12, .bar)
            svg.line(one, y + 15, one, y + 33, .axis)
            svg.line(x(bar.value.minimum), y + 24, x(bar.value.maximum), y + 24, .spread)
            svg.text(NumberText.short(bar.value.median), x(bar.value.maximum) + 8, y + 28, .label)
            svg.text(bar.remark, left, y + 43, .remark)
        }
        return svg.picture(width: left + width, height: bottom + 24)
    }
}
