import Configuration
import Speaker

extension Simulation {
    /// Gives a running speaker another file, as the operator's `reload` does.
    ///
    /// - Parameters:
    ///   - number: the machine.
    ///   - text: the file; includes are not read.
    /// - Returns: nothing where it runs, else the settings that only a restart can change.
    /// - Throws: ``SimulationFault/configuration(machine:_:)`` where the text has errors.
    package func reload(
        _ number: MachineNumber,
        _ text: String
    ) throws(SimulationFault) -> [String] {
        let machine = machines[number.value]
        let configuration = try Self.configuration(text, of: machine.name)
        guard let process = machine.process, isRunning(number), !process.isStopping else {
            // The next start reads it.
            machine.configuration = configuration
            return []
        }
        machine.lastOperation = now
        disturbAll(of: number)
        process.speaker.beginTurn(now: now, wall: wall)
        let fixed = process.speaker.reload(configuration, reason: "")
        if fixed.isEmpty { machine.configuration = configuration }
        process.hasBackground = true
        follow(number, process)
        schedule(number, at: now)
        return fixed
    }

    /// Gives a speaker a variant of its file; one that the file's rules do not allow changes nothing.
    func reload(_ number: MachineNumber, _ variant: ConfigurationVariant) {
        let text = variant.text(of: machines[number.value].text)
        do throws(SimulationFault) {
            _ = try reload(number, text)
        } catch {
            note(number, "the file has errors, and the running one stays")
        }
    }

    static func configuration(
        _ text: String,
        of name: String
    ) throws(SimulationFault) -> Configuration {
        let bytes = Array(text.utf8)
        let reading = Configuration.read(file: "\(name).conf") { _ throws(UnreadableFile) in bytes }
        guard let configuration = reading.configuration else {
            throw .configuration(machine: name, reading.diagnostics)
        }
        return configuration
    }
}
