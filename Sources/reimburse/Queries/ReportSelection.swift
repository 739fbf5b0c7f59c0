import PostgresClient

/// Which rows of a report are wanted.
struct ReportSelection {
    /// The run, or all.
    var run: Int64?
    /// The kind of the run.
    var kind: String?
    /// The legal entity, or all.
    var legalEntity: String?

    /// The condition in SQL, for rows that bear the number of the run.
    var condition: SQL {
        Self.all([ofLegalEntity, run.map { "run_id = \($0)" }])
    }

    /// The condition in SQL, for documents that the run made or, being a reversal, took back.
    ///
    /// The column named has a document's number, which is that of its voucher.
    func condition(onDocumentsWith number: String) -> SQL {
        guard let run, kind?.hasSuffix("reversal") == true else { return condition }
        let isReversed: SQL = """
            (legal_entity_id, \(identifier: number)) IN (
                SELECT v.legal_entity_id, v.reversed_voucher FROM reimbursement.reversals AS v WHERE v.run_id = \(run)
            )
            """
        return Self.all([ofLegalEntity, isReversed])
    }

    private var ofLegalEntity: SQL? {
        legalEntity.map { "legal_entity_id = \($0)" }
    }

    private static func all(_ conditions: [SQL?]) -> SQL {
        SQL(joining: ["true"] + conditions.compactMap(\.self), separator: " AND ")
    }
}
