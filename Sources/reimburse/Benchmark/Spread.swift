/// What several measurements of one thing have given.
struct Spread: Sendable {
    /// The values in the order in which they were measured, at least one.
    let values: [Double]

    /// A spread of values.
    ///
    /// - Precondition: There is one at least.
    init(_ values: [Double]) {
        precondition(!values.isEmpty, "a spread of nothing")
        self.values = values
    }

    /// The value in the middle; of an even number, the mean of the two there.
    var median: Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// The smallest value.
    var minimum: Double { values.reduce(.infinity, min) }

    /// The largest value.
    var maximum: Double { values.reduce(-.infinity, max) }

    /// The smallest value that so many percent of the values do not exceed.
    func percentile(_ percent: Int) -> Double {
        let sorted = values.sorted()
        return sorted[max((sorted.count * percent + 99) / 100, 1) - 1]
    }

    /// What these values are of others: round by round where there are as many, of the medians otherwise.
    func ratio(to others: Spread) -> Spread {
        guard values.count == others.values.count else { return Spread([median / others.median]) }
        return Spread(zip(values, others.values).map { $0 / $1 })
    }

    /// Every value changed in the same way.
    func map(_ change: (Double) -> Double) -> Spread {
        Spread(values.map(change))
    }
}
