import Foundation
import Interop
import Testing

/// Peerglass alone in a namespace where somebody else works on the kernel's routes.
@Suite(.enabled(if: Namespace.arePermitted, "network namespaces are not permitted"))
struct KernelFollowingTests {
    @Test(.timeLimit(.minutes(1)))
    func `a burst of routes that somebody adds and removes is followed at once`() async throws {
        let space = try Namespace("alone")
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "peerglass-interop-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let us = try Peerglass("AS 65001\nrouter-id 192.0.2.1\n", in: space, folder: folder)
        try await us.start()
        defer { us.end() }

        let prefixes = (0..<3000).map { "10.\($0 / 256).\($0 % 256).0/24" }
        for (action, count) in [("add", prefixes.count), ("del", 0)] {
            let batch = folder.appending(path: action)
            try prefixes.map { "route \(action) unreachable \($0) metric 77\n" }.joined()
                .write(to: batch, atomically: true, encoding: .utf8)
            try Command.expect(["ip", "-n", space.name, "-batch", batch.path])
            // At 32 a second, as once, this would take a minute and a half.
            try await waitUntil("\(count) routes are shown", telling: { us.story }) {
                try us.ask("show", "fib").split(separator: "\n")
                    .count { $0.contains("10.") && $0.contains("/24") } == count
            }
        }
    }
}
