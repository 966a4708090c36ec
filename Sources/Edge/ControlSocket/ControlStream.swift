internal import CLinux
internal import Control
internal import Glibc

/// One end of a control connection: frames in, frames out, nothing that waits.
///
/// A frame is a length and a number, four octets each and low octet first, and as many octets as the
/// length says. The first frame either way is the greeting; the number of a question is chosen by
/// the client and comes back with its answer.
final class ControlStream {
    /// What arrived.
    struct Frame {
        var number: UInt32
        var bytes: [UInt8]
    }

    /// What the socket had to say.
    enum Progress {
        case going
        /// The other side is gone, or sent a frame longer than allowed.
        case ended
    }

    let descriptor: Int32
    private let longestFrame: Int
    /// True once nothing more can arrive; frames before the end may still be there.
    private(set) var hasEnded = false
    private var input: [UInt8] = []
    private var inputStart = 0
    private var output: [UInt8] = []
    private var outputStart = 0

    private static let headerLength = 8
    private static let chunkLength = 1 << 16

    /// Takes over the descriptor and closes it in the end.
    init(descriptor: Int32, longestFrame: Int) {
        self.descriptor = descriptor
        self.longestFrame = longestFrame
    }

    deinit {
        _ = cl_close(descriptor)
    }

    /// Octets that wait for the socket to take them.
    var pendingOutput: Int { output.count - outputStart }

    /// Reads until nothing is there, at most 1 MiB.
    func fill() {
        for _ in 0..<16 {
            var count = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkLength) { buffer, filled in
                count = cl_read(descriptor, buffer.baseAddress, buffer.count)
                filled = max(count, 0)
            }
            if count == -Int(EAGAIN) { return }
            if count <= 0 {
                hasEnded = true
                return
            }
            input += chunk
            if count < Self.chunkLength { return }
        }
    }

    /// The next whole frame; nil where it is not all there; an end where it is too long to be one.
    func nextFrame() -> (frame: Frame?, progress: Progress) {
        guard input.count - inputStart >= Self.headerLength else { return (nil, .going) }
        let length = Int(littleEndian(at: inputStart))
        guard length <= longestFrame else { return (nil, .ended) }
        let start = inputStart + Self.headerLength
        guard input.count - start >= length else { return (nil, .going) }
        let number = littleEndian(at: inputStart + 4)
        let frame = Frame(number: number, bytes: Array(input[start..<start + length]))
        inputStart = start + length
        if inputStart == input.count {
            input.removeAll(keepingCapacity: input.count <= 1 << 20)
            inputStart = 0
        } else if inputStart > 1 << 20 {
            input.removeSubrange(0..<inputStart)
            inputStart = 0
        }
        return (frame, .going)
    }

    /// Appends a frame to what is to be sent.
    func append(_ value: some ControlCoded, number: UInt32) {
        let start = output.count
        output += [0, 0, 0, 0]
        for shift in stride(from: 0, to: 32, by: 8) {
            output.append(UInt8(truncatingIfNeeded: number >> UInt32(shift)))
        }
        var writer = ControlWriter(appendingTo: output)
        output = []
        value.write(to: &writer)
        output = writer.bytes
        let length = UInt32(output.count - start - Self.headerLength)
        for index in 0..<4 {
            output[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index))
        }
    }

    /// Sends as much as the socket takes.
    func drain() -> Progress {
        while outputStart < output.count {
            let count = output.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.map {
                    cl_write(descriptor, $0 + outputStart, buffer.count - outputStart)
                } ?? 0
            }
            if count == -Int(EAGAIN) { return .going }
            guard count > 0 else { return .ended }
            outputStart += count
        }
        output.removeAll(keepingCapacity: output.count <= 1 << 20)
        outputStart = 0
        return .going
    }

    private func littleEndian(at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(input[offset + $1]) << UInt32(8 * $1) }
    }
}
