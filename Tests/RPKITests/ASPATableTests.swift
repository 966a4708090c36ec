import Addressing
import Foundation
import RPKI
import Testing

/// ASPA verification against the vectors of OpenBGPD's own tests.
struct ASPATableTests {
    private struct Vectors: Decodable {
        struct Statement: Decodable {
            var customer: UInt32
            var providers: [UInt32]
        }
        struct Hop: Decodable {
            var customer: UInt32
            var provider: UInt32
            var expected: String
        }
        struct Path: Decodable {
            var asPath: [UInt32]
            var role: String
            var expected: String
        }
        var aspaSet: [Statement]
        var providerCheck: [Hop]
        var pathVerification: [Path]
    }

    private static let vectors: Vectors? = {
        var folder = URL(filePath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let places = ["../shared/data", "../../shared/data"]
        for place in places {
            let file = folder.appending(path: "\(place)/rpki/aspa-vectors.json")
            guard let data = try? Data(contentsOf: file) else { continue }
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try? decoder.decode(Vectors.self, from: data)
        }
        return nil
    }()

    private static func table(_ vectors: Vectors) -> ASPATable {
        ASPATable(
            vectors.aspaSet.map { statement in
                ASPA(
                    customer: ASNumber(statement.customer),
                    providers: statement.providers.map { ASNumber($0) }
                )
            }
        )
    }

    /// Numbers that repeat the one before are said once.
    private static func collapsed(_ numbers: [UInt32]) -> [ASNumber] {
        var path: [ASNumber] = []
        for number in numbers where path.last?.value != number { path.append(ASNumber(number)) }
        return path
    }

    @Test(.enabled(if: vectors != nil, "the shared data is not here"))
    func `every hop of the vectors is attested as they say`() throws {
        let vectors = try #require(Self.vectors)
        let table = Self.table(vectors)
        for hop in vectors.providerCheck {
            let found = table.attestation(of: ASNumber(hop.customer), to: ASNumber(hop.provider))
            let expected: HopAttestation =
                switch hop.expected {
                case "UNKNOWN": .none
                case "PROVIDER": .provider
                default: .notProvider
                }
            #expect(found == expected, "\(hop)")
        }
        #expect(vectors.providerCheck.count > 40)
    }

    @Test(.enabled(if: vectors != nil, "the shared data is not here"))
    func `every path of the vectors is verified as they say`() throws {
        let vectors = try #require(Self.vectors)
        let table = Self.table(vectors)
        for path in vectors.pathVerification {
            let found = table.validity(
                of: Self.collapsed(path.asPath),
                path.role == "customer" ? .downstream : .upstream
            )
            #expect(found.word == path.expected, "\(path)")
        }
        #expect(vectors.pathVerification.count > 40)
    }
}
