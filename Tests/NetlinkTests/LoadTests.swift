import Addressing
import Glibc
import KernelRoutes
import Testing
import Timekeeping

@testable import Netlink

/// Many routes at once; `PEERGLASS_KERNEL_ROUTES` sets how many, and the times are printed.
@Suite(
    .serialized,
    .enabled(if: NetworkNamespace.arePermitted, "network namespaces are not permitted")
)
struct `many routes` {
    private static let count =
        getenv("PEERGLASS_KERNEL_ROUTES").flatMap { Int(String(cString: $0)) } ?? 20_000

    private func prefix(_ number: Int, _ family: AddressFamily) -> IPPrefix {
        switch family {
        case .ipv4: IPPrefix(ipv4: 0x1400_0000 + UInt32(number) << 8, length: 24)
        case .ipv6:
            IPPrefix(
                IPAddress(ipv6High: 0x2A00_0000_0000_0000 + UInt64(number) << 16, low: 0),
                length: 48
            )
        }
    }

    @Test(arguments: AddressFamily.allCases)
    func `go in, are read back and go out, each counted`(family: AddressFamily) throws {
        let space = try NetworkNamespace("n")
        let kernel = try LiveKernel(space)
        let clock = ContinuousClock()
        let gateway = family == .ipv4 ? "10.0.0.2" : "2001:db8::2"
        let count = Self.count
        let set = kernel.routes.intern(NextHopSet(gateway: address(gateway), interface: 3))
        kernel.wait("the first reading") { $0.counts.dumps == 1 }
        let wanting = clock.measure {
            for number in 0..<count { kernel.routes.want(prefix(number, family), set) }
        }
        let adding = clock.measure { kernel.wait("all in") { $0.counts.installed == count } }
        kernel.routes.requestAudit()
        let reading = clock.measure { kernel.wait("the audit") { $0.counts.dumps == 2 } }
        #expect(kernel.routes.counts.installed == count)
        #expect(kernel.routes.counts.interferences == 0)
        let first = clock.measure { _ = kernel.page(from: .row(count / 2)) }
        let next = clock.measure { _ = kernel.page(from: .row(count / 3)) }
        let bytes = kernel.routes.byteCount
        kernel.routes.withdrawAll()
        let deleting = clock.measure {
            kernel.wait("all out") { $0.withdrawal?.isFinished == true }
        }
        #expect(
            kernel.routes.withdrawal
                == KernelWithdrawal(done: count, total: count, isFinished: true)
        )
        #expect(space.output("\(family == .ipv4 ? "-4" : "-6") route show proto bgp").isEmpty)
        print(
            "\(count) \(family) routes: want \(wanting), add \(adding), read \(reading), delete \(deleting);"
                + " first page \(first), next page \(next); \(bytes / count) bytes a route"
        )
    }
}
