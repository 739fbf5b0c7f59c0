import PostgresClient

/// Which rows of a report are wanted.
struct ReportSelection {
    /// The run, or all.
    var run: Int64?
    /// The kind of the run.
    var kind: String?
    /// The legal entity, or all.
    var legalEntity: String?

    /// The condition in SQL, for rows of which this column is the number.
    ///
    /// Of a run, they are the rows that it made; of a reversal, those that it reversed.
    func condition(number: String) -> SQL {
        var conditions: [SQL] = []
        if let legalEntity { conditions.append("legal_entity_id = \(legalEntity)") }
        if let run, kind?.hasSuffix("reversal") == true {
            conditions.append(
                """
                (legal_entity_id, \(identifier: number)) IN (
                    SELECT v.legal_entity_id, v.reversed_voucher FROM reimbursement.reversals AS v
                    WHERE v.run_id = \(run)
                )
                """
            )
        } else if let run {
            conditions.append("run_id = \(run)")
        }
        return conditions.isEmpty ? "true" : SQL(joining: conditions, separator: " AND ")
    }

    /// The condition in SQL, for rows that a run wrote about what it left out.
    var conditionOfSkips: SQL {
        ReportSelection(run: run, legalEntity: legalEntity).condition(number: "")
    }
}
