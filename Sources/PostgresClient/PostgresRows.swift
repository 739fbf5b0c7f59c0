import CLibPQ

/// The rows that a statement returned, all of them in memory.
///
/// The values stay where libpq put them and are read when asked for; the memory is freed with the last row in use.
public struct PostgresRows: RandomAccessCollection, Sendable {
    /// The result that the rows lie in.
    let result: PostgresResult

    /// No rows, of a statement that returns none.
    static let none = PostgresRows(result: PostgresResult(PQmakeEmptyPGresult(nil, PGRES_TUPLES_OK)))

    /// The position of the first row.
    public var startIndex: Int { 0 }

    /// The position after the last row.
    public var endIndex: Int { Int(PQntuples(result.pointer)) }

    /// The row at a position.
    public subscript(position: Int) -> PostgresRow {
        precondition(indices.contains(position), "row \(position) of \(count)")
        return PostgresRow(result: result, index: Int32(position))
    }

    /// The columns, in order.
    public var columns: [PostgresColumn] {
        (0..<PQnfields(result.pointer)).map { index in
            PostgresColumn(
                name: String(cString: PQfname(result.pointer, index)),
                typeIdentifier: PQftype(result.pointer, index)
            )
        }
    }
}

/// A column of a result.
public struct PostgresColumn: Hashable, Sendable {
    /// The name, as the statement gave it.
    public let name: String
    /// The type, as an object identifier of PostgreSQL's.
    public let typeIdentifier: UInt32

    /// Whether the type is a number: smallint, integer, bigint, real, double precision or numeric.
    public var isNumeric: Bool { [21, 23, 20, 700, 701, 1700].contains(typeIdentifier) }

    /// Whether the type is boolean.
    public var isBoolean: Bool { typeIdentifier == 16 }
}
