#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Up to three lines over a logarithmic axis, each point with its value and its spread.
struct LineChart {
    /// What the chart shows.
    let title: String
    /// The lines.
    let lines: [Line]

    /// A line.
    struct Line {
        /// What it is of.
        let name: String
        /// Its points.
        let points: [Point]
    }

    /// A point of a line.
    struct Point {
        /// Where it stands from left to right.
        let x: Double
        /// How high it stands.
        let y: Spread
    }

    private static let styles: [SVG.Style] = [.first, .second, .third]

    /// The chart as a picture.
    var svg: String {
        let (left, width, top, height) = (60.0, 620.0, 72.0, 300.0)
        let points = lines.flatMap(\.points)
        let positions = Set(points.map(\.x)).sorted()
        let highest = points.map(\.y.maximum).reduce(0, max)
        let (low, high) = (log10(positions.first ?? 1), log10(positions.last ?? 1))
        func x(_ value: Double) -> Double { left + (high > low ? width * (log10(value) - low) / (high - low) : 0) }
        func y(_ value: Double) -> Double { top + height - (highest > 0 ? height * value / highest : 0) }

        var svg = SVG()
        svg.text(title, 16, 28, .title)
        svg.line(left, top + height, left + width, top + height, .axis)
        for position in positions {
            svg.text(NumberText.grouped(Int(position)), x(position), top + height + 18, .remark, .middle)
        }
        for (index, line) in lines.enumerated() {
            let style = Self.styles[index % Self.styles.count]
            let points = line.points.sorted { $0.x < $1.x }
            for (from, to) in zip(points, points.dropFirst()) {
                svg.line(x(from.x), y(from.y.median), x(to.x), y(to.y.median), style)
            }
            for point in points {
                svg.line(x(point.x), y(point.y.minimum), x(point.x), y(point.y.maximum), .spread)
                svg.dot(x(point.x), y(point.y.median), style)
                svg.text(NumberText.short(point.y.median), x(point.x), y(point.y.maximum) - 7, .label, .middle)
            }
            svg.text(line.name, left, top + height + 42 + 18 * Double(index), style)
        }
        return svg.picture(width: left + width + 60, height: top + height + 48 + 18 * Double(lines.count))
    }
}
