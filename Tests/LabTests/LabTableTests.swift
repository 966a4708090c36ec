import Addressing
import Testing

@testable import Lab

/// The table that the lab's Internet announces.
struct LabTableTests {
    @Test func `at least 20,000 IPv4 and 1,500 IPv6 routes, each once`() {
        let routes = LabTable.routes
        #expect(routes.count { $0.prefix.family == .ipv4 } >= 20_000)
        #expect(routes.count { $0.prefix.family == .ipv6 } >= 1_500)
        #expect(Set(routes.map { "\($0.prefix) \($0.origin)" }).count == routes.count)
    }

    @Test(arguments: [
        ("1.1.115.0/24", 2519), ("122.170.50.0/23", 24560), ("223.255.246.0/24", 45954),
    ])
    func `a route is as the source has it`(prefix: String, origin: UInt32) {
        let found = LabTable.routes.first { "\($0.prefix)" == prefix }
        #expect(found?.origin == origin)
    }

    @Test func `some routes are valid by the ROAs, some invalid, most not covered`() {
        let roas = Dictionary(grouping: LabTable.roas) { $0.prefix }
        var counts: [String: Int] = [:]
        for route in LabTable.routes {
            var covering: [LabROA] = []
            for length in 1...route.prefix.length {
                covering += roas[route.prefix.shortened(to: length)] ?? []
            }
            let isValid = covering.contains {
                $0.origin == route.origin && route.prefix.length <= $0.maximumLength
            }
            counts[isValid ? "valid" : covering.isEmpty ? "not-found" : "invalid", default: 0] += 1
        }
        #expect(counts == ["valid": 2750, "invalid": 750, "not-found": 18250])
    }
}
