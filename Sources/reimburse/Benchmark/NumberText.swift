/// Numbers as people read them.
enum NumberText {
    /// A number with about three digits that say something, thousands apart: 0.0213, 1.25, 12.5, 2,716.
    static func short(_ number: Double) -> String {
        guard number.isFinite else { return "–" }
        return switch abs(number) {
        case 100...: fixed(number, decimals: 0)
        case 10..<100: fixed(number, decimals: 1)
        case 0.1..<10, 0: fixed(number, decimals: 2)
        default: fixed(number, decimals: 4)
        }
    }

    /// A number with so many decimals, thousands apart.
    static func fixed(_ number: Double, decimals: Int) -> String {
        let unit = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        let scaled = (abs(number) * unit).rounded()
        guard scaled < 1e18 else { return "\(number)" }
        let whole = grouped(Int(scaled) / Int(unit))
        let rest = String(Int(scaled) % Int(unit))
        let sign = number < 0 && scaled > 0 ? "-" : ""
        return sign + whole + (decimals == 0 ? "" : "." + String(repeating: "0", count: decimals - rest.count) + rest)
    }

    /// A whole number, thousands apart.
    static func grouped(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var result = ""
        while digits.count > 3 {
            result = "," + digits.suffix(3) + result
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + digits + result
    }
}
