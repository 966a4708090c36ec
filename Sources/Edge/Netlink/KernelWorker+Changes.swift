import Glibc
import KernelRoutes

/// Sending changes: many messages a datagram, an acknowledgement asked for on the last.
extension KernelWorker {
    /// How long an answer may take before it counts as lost; the kernel answers before the call returns.
    private static let patience: Int32 = 10_000

    func send(_ changes: [KernelChange]) {
        var start = 0
        while start < changes.count {
            guard waitForRoom() else { return }
            encoder.removeAll()
            var end = start
            while end < changes.count, encoder.bytes.count < Self.batchBytes {
                encoder.append(changes[end])
                end += 1
            }
            encoder.acknowledgeLast()
            // What others did before comes up before the answers, what they do meanwhile after them.
            readNotifications()
            exchange(changes[start..<end])
            readNotifications()
            flush()
            start = end
        }
    }

    /// Sends one batch and collects its answers.
    private func exchange(_ batch: ArraySlice<KernelChange>) {
        guard let last = batch.last else { return }
        do throws(NetlinkError) {
            try requests.send(encoder.bytes)
        } catch {
            let number = if case .systemCall(_, let errno) = error { errno } else { EIO }
            let refusal = KernelRefusal(errno: number, text: error.description)
            for change in batch { pending.append(.refused(sequence: change.sequence, refusal)) }
            pending.append(.acknowledged(through: last.sequence))
            return
        }
        var answered: [KernelEvent] = []
        var isOver = false
        while !isOver {
            let reception = requests.receive { header, message in
                guard case .answer(let errno, let text) = message else { return }
                if errno != 0 {
                    let refusal = KernelRefusal(errno: errno, text: text ?? errorText(errno))
                    answered.append(.refused(sequence: header.sequence, refusal))
                }
                if header.sequence == last.sequence { isOver = true }
            }
            switch reception {
            case .received: continue
            case .empty where requests.wait(milliseconds: Self.patience): continue
            case .empty, .overrun, .failed:
                // Refusals that came through are true; of the rest only a reading knows.
                pending += answered
                pending.append(.answersLost(through: last.sequence))
                return
            }
        }
        pending += answered
        pending.append(.acknowledged(through: last.sequence))
    }
}
