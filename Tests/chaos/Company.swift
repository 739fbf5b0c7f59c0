import PostgresClient

/// Two legal entities of a few customers each, in which a run takes tens of milliseconds.
enum Company {
    static let legalEntities = ["USMF", "DEMF"]
    static let queues = ["default", "night"]
    static let customers = 60

    /// The account of a customer by its number.
    static func account(_ number: Int) -> String { "C" + String(1000 + number).dropFirst() }

    /// Makes the legal entities, their customers, of whom every third has a vendor account, and their banks.
    static func found(with session: Session) async throws {
        for entity in legalEntities {
            _ = try await session.ask(
                """
                SELECT reimbursement.set_up_legal_entity(\(entity), \(entity), 'USD');
                INSERT INTO reimbursement.bank_accounts (legal_entity_id, bank_account, name, currency, iban)
                VALUES (\(entity), 'BANK', 'Dollars', 'USD', 'GB29NWBK60161331926819');
                INSERT INTO reimbursement.vendors (legal_entity_id, vendor_account, name, iban)
                SELECT \(entity), 'V' || i, 'Vendor ' || i, 'DE89370400440532013000'
                FROM generate_series(3, \(customers)::int, 3) AS i;
                INSERT INTO reimbursement.customers (legal_entity_id, customer_account, name, iban, vendor_account)
                SELECT \(entity), 'C' || to_char(i, 'FM000'), 'Customer ' || i, 'DE89370400440532013000',
                    CASE WHEN i % 3 = 0 THEN 'V' || i END
                FROM generate_series(1, \(customers)::int) AS i;
                INSERT INTO reimbursement.customer_transactions
                    (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount,
                     source_reference)
                SELECT \(entity), 'C' || to_char(i, 'FM000'), 'credit_note', 'CN' || i, current_date, 'USD', -10 - i,
                    'first-' || i
                FROM generate_series(1, \(customers)::int) AS i
                """
            )
        }
    }
}
