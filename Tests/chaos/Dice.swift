/// Chance that can be had again: SplitMix64 from a seed.
struct Dice: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The dice of one actor in one round: what others throw meanwhile does not change them.
    init(seed: UInt64, round: Int, actor: Int) {
        state = seed &* 0x9e37_79b9 &+ UInt64(round) &* 0x1_0001 &+ UInt64(actor) &* 0x2545_f491_4f6c_dd1d
        for _ in 0..<4 { _ = next() }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number of a range.
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// Whether something of so many in a hundred happens.
    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

    /// One of several, each as likely as its weight says.
    mutating func choice<Value>(_ weighted: KeyValuePairs<Value, Int>) -> Value {
        var rest = number(1...weighted.reduce(0) { $0 + $1.value })
        for (value, weight) in weighted {
            rest -= weight
            if rest <= 0 { return value }
        }
        return weighted[weighted.count - 1].key
    }
}
