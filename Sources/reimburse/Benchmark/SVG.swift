/// The little of SVG that the plots need: lines, boxes and texts, readable on light and on dark ground.
struct SVG {
    private var body = ""

    /// What a line or a text is for, which decides its colour.
    enum Style: String {
        case title, label, remark, axis, bar, spread, first, second, third
    }

    /// Where a text stands to its point.
    enum Anchor: String {
        case start, middle, end
    }

    /// Draws a line.
    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: Style) {
        body += """
            <line class="\(style)" x1="\(Self.number(x1))" y1="\(Self.number(y1))" x2="\(Self.number(x2))" \
            y2="\(Self.number(y2))"/>

            """
    }

    /// Draws a box.
    mutating func box(_ x: Double, _ y: Double, width: Double, height: Double, _ style: Style) {
        body += """
            <rect class="\(style)" x="\(Self.number(x))" y="\(Self.number(y))" width="\(Self.number(width))" \
            height="\(Self.number(height))"/>

            """
    }

    /// Draws a dot.
    mutating func dot(_ x: Double, _ y: Double, _ style: Style) {
        body += "<circle class=\"\(style)\" cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"3\"/>\n"
    }

    /// Writes a text.
    mutating func text(_ text: String, _ x: Double, _ y: Double, _ style: Style, _ anchor: Anchor = .start) {
        body += """
            <text class="\(style)" x="\(Self.number(x))" y="\(Self.number(y))" text-anchor="\(anchor)">\
            \(Self.escaped(text))</text>

            """
    }

    /// The picture.
    func picture(width: Double, height: Double) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.number(width))" height="\(Self.number(height))" \
        viewBox="0 0 \(Self.number(width)) \(Self.number(height))" role="img">
        <style>
        text { font: 13px system-ui, sans-serif; fill: #1f2328 }
        text.title { font-size: 16px; font-weight: 600 }
        text.remark { font-size: 11px; fill: #59636e }
        line { stroke-width: 1.5 }
        line.axis { stroke: #8b949e }
        rect.bar { fill: #2f7ed8 }
        line.spread { stroke: #1f2328 }
        line.first { stroke: #2f7ed8 } circle.first, text.first { fill: #2f7ed8 }
        line.second { stroke: #c4620c } circle.second, text.second { fill: #c4620c }
        line.third { stroke: #2f8f4e } circle.third, text.third { fill: #2f8f4e }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        text.remark { fill: #9198a1 }
        line.spread { stroke: #e6edf3 }
        rect.bar { fill: #4493f8 }
        line.first { stroke: #4493f8 } circle.first, text.first { fill: #4493f8 }
        line.second { stroke: #f0883e } circle.second, text.second { fill: #f0883e }
        line.third { stroke: #56d364 } circle.third, text.third { fill: #56d364 }
        }
        </style>
        \(body)</svg>

        """
    }

    /// A coordinate, to a tenth.
    private static func number(_ value: Double) -> String {
        "\((value * 10).rounded() / 10)"
    }

    /// A text without what XML would take for its own.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
