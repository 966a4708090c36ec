package import Addressing

/// Autonomous System Provider Authorization: who may carry the routes of a customer upwards
/// (draft-ietf-sidrops-aspa-profile).
package struct ASPA: Hashable, Sendable {
    package var customer: ASNumber
    /// In ascending order, each once; AS 0 alone says that there is none.
    package var providers: [ASNumber]
    /// Unix time in seconds from which on the statement is not used; 0 means that it never expires.
    package var expires: UInt64

    package init(customer: ASNumber, providers: [ASNumber], expires: UInt64 = 0) {
        self.customer = customer
        self.providers = Self.unique(providers)
        self.expires = expires
    }

    /// Both statements as one: all providers, and the later expiry.
    fileprivate mutating func unite(_ other: ASPA) {
        providers = Self.unique(providers + other.providers)
        expires = expires == 0 || other.expires == 0 ? 0 : max(expires, other.expires)
    }

    private static func unique(_ numbers: [ASNumber]) -> [ASNumber] {
        var result: [ASNumber] = []
        for number in numbers.sorted() where result.last != number { result.append(number) }
        return result
    }
}

/// The ASPAs of a configuration, one a customer.
///
/// Which way of a path is up and which down follows from the role of the session; a session without one
/// validates nothing, and each of its routes is `unknown`.
package struct ASPATable: Hashable, Sendable {
    /// In order of customers.
    package private(set) var entries: [ASPA] = []

    /// Statements about the same customer are united.
    package init(_ statements: [ASPA] = []) {
        for statement in statements.sorted(by: { $0.customer < $1.customer }) {
            if entries.last?.customer == statement.customer {
                entries[entries.count - 1].unite(statement)
            } else {
                entries.append(statement)
            }
        }
    }

    package var isEmpty: Bool { entries.isEmpty }
}
