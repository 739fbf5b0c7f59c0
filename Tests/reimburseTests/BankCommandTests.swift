import Foundation
import PostgresClient
import TestSupport
import Testing

@Suite("reimburse bank", .timeLimit(.minutes(2)))
struct BankCommandTests {
    /// A notification that the bank has carried payments out, each of 10.00 USD.
    private static func notification(
        of payments: [String],
        encoding: String = "UTF-8",
        sender: String = "Bank"
    ) -> String {
        let entries = payments.map { payment in
            """
            <Ntry><Amt Ccy="USD">10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
            <BookgDt><Dt>2026-01-31</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>\(payment)</EndToEndId></Refs>\
            </TxDtls></NtryDtls></Ntry>
            """
        }
        return """
            <?xml version="1.0" encoding="\(encoding)"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
            <GrpHdr><MsgId>N-\(sender)</MsgId><CreDtTm>2026-01-31T12:00:00Z</CreDtTm></GrpHdr>
            <Ntfctn><Acct><Id><IBAN>GB29 NWBK 6016 1331 9268 19</IBAN></Id></Acct>
            \(entries.joined(separator: "\n"))</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>
            """
    }

    /// A file in the folder for temporary ones, as long as `body` takes.
    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) async throws -> Result) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "reimburse-message.\(UUID()).xml")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await body(file.path)
    }

    /// Books of two customers who have been paid.
    private func paidBooks() async throws -> Books {
        let books = try await Books(customers: 2, in: .migrated())
        try await books.reimburse()
        try await books.enqueuePayment()
        try await books.carryOut()
        return books
    }

    @Test("imports a message once, says what was matched, and what a person has to look at")
    func messages() async throws {
        let books = try await paidBooks()
        let message = Self.notification(of: ["PAY-00000001", "PAY-00000009"])
        try await withFile(Array(message.utf8)) { path in
            for _ in 1...2 {
                let outcome = try await CommandRun(["bank", path], database: books.database).outcome()
                #expect(outcome.status == .exited(0))
                #expect(outcome.output.last == "1\tUSMF\tcamt.054.001.08\tN-Bank\t2\t1\t1\t")
                #expect(
                    outcome.errors.first
                        == "exception: import 1, exception 1: payment_not_found, entry 2, PAY-00000009, 10.00 USD"
                )
            }
        }
        #expect(
            try await books.value("SELECT string_agg(status, ' ' ORDER BY status) FROM reimbursement.vendor_payments")
                == "executed posted"
        )
    }

    @Test("reads what a bank encoded otherwise, and refuses what it cannot read")
    func encodings() async throws {
        let books = try await paidBooks()
        let latin = Self.notification(of: ["PAY-00000001"], encoding: "ISO-8859-1", sender: "Köln")
        try await withFile(latin.unicodeScalars.map { UInt8($0.value) }) { path in
            let outcome = try await CommandRun(["bank", path], database: books.database).outcome()
            #expect(outcome.status == .exited(0))
            #expect(outcome.output.last?.contains("\tN-Köln\t1\t1\t0") == true)
        }
        let wide = Self.notification(of: ["PAY-00000002"], encoding: "UTF-16")
        let undeclared = latin.unicodeScalars.drop { $0 != "\n" }
        let refused: [(bytes: [UInt8], problem: String)] = [
            ([0xFF, 0xFE] + wide.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, "is encoded in UTF-16"),
            (Array(wide.utf8), "is encoded in UTF-16, or says so"),
            (undeclared.map { UInt8($0.value) }, "is not encoded in UTF-8"),
            (Array("payments".utf8), "it is no ISO 20022 document"),
        ]
        for (bytes, problem) in refused {
            try await withFile(bytes) { path in
                let outcome = try await CommandRun(["bank", path], database: books.database).outcome()
                #expect(outcome.status == .exited(1))
                #expect(outcome.errors.contains { $0.contains(problem) }, "\(outcome.errors)")
            }
        }
        let missing = try await CommandRun(["bank", "/nowhere.xml"], database: books.database).outcome()
        #expect(missing.status == .exited(1))
        #expect(missing.errors.first?.contains("cannot read /nowhere.xml") == true)
        #expect(try await books.value("SELECT count(*) FROM reimbursement.bank_messages") == "1")
    }
}
