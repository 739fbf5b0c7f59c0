/// One thing that was measured, with its control.
struct Measurement: Sendable {
    /// What was measured, such as `one worker`.
    let subject: String
    /// In what, such as `ms`.
    let unit: String
    /// What was found, a value a round.
    let value: Spread
    /// What it is compared with; nothing where the figure stands by itself.
    let control: Control?
    /// How often the control is contained in it; nothing without a control.
    let ratio: Spread?

    /// What something is compared with.
    struct Control: Sendable {
        /// What was measured, such as `an empty job`.
        let name: String
        /// In what.
        let unit: String
        /// What was found, a value a round.
        let value: Spread
    }

    /// A measurement.
    ///
    /// - Parameters:
    ///   - subject: What was measured.
    ///   - unit: In what.
    ///   - values: What was found, a value a round.
    ///   - control: What it is compared with.
    init(_ subject: String, _ unit: String, _ values: [Double], control: Control? = nil) {
        self.subject = subject
        self.unit = unit
        value = Spread(values)
        self.control = control
        ratio = control.map { [value] in value.ratio(to: $0.value) }
    }
}

extension Measurement.Control {
    /// A control in a unit, a value a round.
    init(_ name: String, _ unit: String, _ values: [Double]) {
        self.init(name: name, unit: unit, value: Spread(values))
    }
}
