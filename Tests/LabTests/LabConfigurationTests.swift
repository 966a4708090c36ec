import Addressing
import Configuration
import RPKI
import Testing

@testable import Lab

/// What the lab writes for its routers.
struct LabConfigurationTests {
    private func reading(_ name: String, _ kind: LabKind) -> ConfigurationReading {
        let files = LabConfigurations(kind: kind, directory: "/lab").files
        return Configuration.read(file: name) { path throws(UnreadableFile) in
            guard let file = files.first(where: { $0.name == path }) else {
                throw UnreadableFile(reason: "not written")
            }
            return Array(file.text.utf8)
        }
    }

    @Test(arguments: ["r1.conf", "r2.conf", "r3.conf"], [LabKind.namespaces, .loopback])
    func `every configuration is right and gives no warning`(name: String, kind: LabKind) {
        let reading = reading(name, kind)
        #expect(reading.diagnostics.map(\.message) == [])
        #expect(reading.configuration != nil)
    }

    @Test(arguments: [LabKind.namespaces, .loopback])
    func `neighbors name each other's address and AS`(kind: LabKind) throws {
        let r1 = try #require(reading("r1.conf", kind).configuration)
        for (name, router) in [("r2.conf", LabRouter.r2), ("r3.conf", .r3)] {
            let other = try #require(reading(name, kind).configuration)
            let there = try #require(
                other.neighbors.first { $0.remoteAS.value == LabRouter.r1.autonomousSystem }
            )
            let here = try #require(
                r1.neighbors.first { $0.remoteAS.value == router.autonomousSystem }
            )
            #expect(other.localAS == here.remoteAS)
            #expect("\(here.address)" == kind.address(of: router, towards: .r1))
            #expect("\(there.address)" == kind.address(of: .r1, towards: router))
            #expect(here.connectRetry == 5)
        }
    }

    @Test func `r1 has the ROAs of the include and its own networks`() throws {
        let r1 = try #require(reading("r1.conf", .namespaces).configuration)
        #expect(r1.networks.map { "\($0.prefix)" } == ["192.0.2.0/24", "2001:db8:1::/48"])
        #expect(r1.roaTable.count == LabTable.roas.count + 5)
    }
}
