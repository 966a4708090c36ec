import Foundation

/// What a run cost.
struct Cost {
    var cpuSeconds: Double
    var wallSeconds: Double
    var megabytes: Double
}

extension Cost {
    init(mediansOf costs: [Cost]) {
        func median(_ value: (Cost) -> Double) -> Double {
            costs.map(value).sorted()[costs.count / 2]
        }
        self.init(
            cpuSeconds: median(\.cpuSeconds),
            wallSeconds: median(\.wallSeconds),
            megabytes: median(\.megabytes)
        )
    }
}

/// A process that was started, with pipes to it and from it.
final class Child: Sendable {
    let process: Process
    private let input = Pipe()
    private let output = Pipe()

    init(_ words: [String], output hasOutput: Bool) {
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        process.standardOutput = hasOutput ? output : FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            print("cannot run \(words.joined(separator: " ")): \(error)")
        }
    }

    /// Waits for the next line; each is written at once, and alone.
    func readLine() -> String {
        let data = output.fileHandleForReading.availableData
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    /// Everything until the process ends.
    func readAll() -> String {
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    func say(_ line: String) {
        // One that has ended hears nothing more.
        try? input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }

    /// User and system seconds so far.
    var cpuSeconds: Double {
        let file = "/proc/\(process.processIdentifier)/stat"
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
        else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The largest resident size, megabytes.
    var peakMegabytes: Double { megabytes("VmHWM") }

    /// A size that the kernel keeps of the process, megabytes.
    func megabytes(_ name: String) -> Double {
        let file = "/proc/\(process.processIdentifier)/status"
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            return (Double(line.split(separator: " ").dropFirst().first ?? "") ?? 0) / 1024
        }
        return 0
    }
}
