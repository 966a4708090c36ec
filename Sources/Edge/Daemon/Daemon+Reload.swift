import Addressing
import Configuration
import Control
import ControlSocket
import Speaker
import Synchronization

/// The configuration read again: on a thread of its own, for a long file takes its time.
extension Daemon {
    /// Who waits for the end of a reload.
    enum ReloadAsker {
        case signal
        case screen(token: UInt64)
        case client(ControlServer.ReplyAddress)
    }

    /// A reload whose file is being read.
    struct RunningReload {
        var asker: ReloadAsker
        var reason: String
    }

    /// Reads the configuration again as SIGHUP asks; from any thread.
    package func requestReload() {
        reloadRequested.store(true, ordering: .releasing)
        wakeUp.wake()
    }

    func beginReload(_ asker: ReloadAsker, reason: String) {
        guard reload == nil else { return tell(asker, ReloadReport(.reloadRunning)) }
        let read = readConfiguration
        let readings = readings
        let thread = Thread(name: "reload") { readings.put(read()) }
        guard let thread else {
            let line = "the system has no thread left to read the configuration"
            return tell(asker, ReloadReport(.reloadFailed, lines: [line]))
        }
        thread.detach()
        reload = RunningReload(asker: asker, reason: reason)
    }

    /// Begins what a signal has asked for, and takes a file that has been read.
    func followReload() {
        for reading in readings.take() {
            guard let running = reload else { continue }
            reload = nil
            tell(running.asker, take(reading, reason: running.reason))
        }
        // A signal during a reload asks for another one: the file may have changed after it was read.
        if reload == nil, reloadRequested.exchange(false, ordering: .acquiring) {
            beginReload(.signal, reason: "")
        }
    }

    private func take(_ reading: ConfigurationReading, reason: String) -> ReloadReport {
        var lines = reading.errors.map(\.description)
        if let configuration = reading.configuration {
            let fixed = speaker.reload(configuration, reason: reason)
            guard !fixed.isEmpty else {
                followListeners(configuration)
                hasBackground = true
                afterSpeaker()
                return ReloadReport(.processed)
            }
            lines = fixed.map { "\($0) cannot be changed while the router runs: restart it" }
        }
        speaker.report(reloadFailure: lines)
        afterSpeaker()
        return ReloadReport(.reloadFailed, lines: lines)
    }

    private func tell(_ asker: ReloadAsker, _ report: ReloadReport) {
        switch asker {
        case .signal: break
        case .screen(let token): local.replies.put((token, .reload(report)))
        case .client(let address):
            postponed += control.reply(.reload(report), to: address)
        }
    }

    /// Gives listening sockets the keys and the TTL of the neighbors that there are now.
    private func followListeners(_ configuration: Configuration) {
        let keys = speaker.listenKeys
        for index in listeners.indices {
            listeners[index].setKeys(keys)
            let family = listeners[index].address.address.family
            listeners[index].setTimeToLive(Self.timeToLive(configuration, family))
        }
    }
}
