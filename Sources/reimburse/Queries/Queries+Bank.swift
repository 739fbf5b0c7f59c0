import PostgresClient

extension Queries {
    /// Imports what a bank sent; returns `import_id`.
    ///
    /// The server decodes what is not in UTF-8.
    static func importBankMessage(_ message: BankMessageFile) -> SQL {
        if let text = message.text {
            return "SELECT reimbursement.import_bank_message(\(text)) AS import_id"
        }
        let digits = Array("0123456789abcdef".utf8)
        let hexadecimal = String(
            decoding: message.bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
        return """
            SELECT reimbursement.import_bank_message(
                convert_from(decode(\(hexadecimal), 'hex'), \(message.encoding))
            ) AS import_id
            """
    }

    /// What imported messages said, and how much of it was matched.
    static func bankMessages(_ imports: [Int64]) -> SQL {
        """
        SELECT import_id, legal_entity_id, message_type, message_id, entries, matched, exceptions, reversal_run_id
        FROM reimbursement.bank_messages
        WHERE import_id = ANY(string_to_array(\(imports.map(String.init).joined(separator: ",")), ',')::bigint[])
        ORDER BY import_id, legal_entity_id
        """
    }

    /// What of imported messages a person has to look at, a `line` each.
    static func openBankExceptions(_ imports: [Int64]) -> SQL {
        """
        SELECT format('import %s, exception %s: %s', import_id, exception_number, concat_ws(', ', problem, entry,
            payment_number, end_to_end_id, payment_information, amount || ' ' || currency)) AS line
        FROM reimbursement.bank_exceptions
        WHERE import_id = ANY(string_to_array(\(imports.map(String.init).joined(separator: ",")), ',')::bigint[])
            AND resolved_at IS NULL
        ORDER BY import_id, exception_number
        """
    }
}
