import CLinux
import Control
import FuzzInput
import Glibc

@testable import ControlSocket

/// Lets a server read what a client writes, in pieces, and answers what it takes for a question.
func serve(_ input: inout FuzzInput) {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
        fatalError("no socket pair: errno \(errno)")
    }
    defer { close(ends[1]) }
    let access: ControlServer.Access = input.octet() & 1 == 0 ? .unrestricted : .restricted
    let connection = ServerConnection(descriptor: ends[0], client: 1, access: access)
    var questions: [ControlServer.Asked] = []
    while !input.isEmpty {
        let piece = input.take(1 + Int(input.octet()))
        guard piece.isEmpty || write(ends[1], piece, piece.count) == piece.count else { return }
        connection.read()
        guard case .going = connection.takeQuestions(into: &questions) else { return }
        require(questions.count <= 16, "\(questions.count) questions are open")
        require(connection.stream.pendingOutput <= 2 << 20, "answers wait without bound")
        for asked in questions {
            require(
                access == .unrestricted || !asked.question.acts,
                "a restricted socket lets \(asked.question) through"
            )
            guard case .going = connection.answer(.action(.processed), to: asked.address.request)
            else { return }
        }
        questions.removeAll()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while read(ends[1], &buffer, buffer.count) > 0 {}
    }
}
