import Foundation

/// A BGP daemon under measurement.
struct Candidate {
    var name: String
    /// The command that runs it in the foreground.
    var command: [String]
    /// The command that tells how many prefixes it has, and the number in what it prints.
    var question: [String]
    var count: @Sendable (String) -> Int
}

/// What a run cost.
struct Cost {
    var cpuSeconds: Double
    var wallSeconds: Double
    var megabytes: Double
}

/// Runs commands and reads what the kernel says of processes.
enum Shell {
    @discardableResult
    static func run(_ words: [String]) -> String {
        let process = start(words, output: true)
        let data = (process.standardOutput as? Pipe)?.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    static func start(_ words: [String], output: Bool) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        process.standardOutput = output ? Pipe() : FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            print("cannot run \(words.joined(separator: " ")): \(error)")
        }
        return process
    }

    /// User and system seconds of a process so far.
    static func cpuSeconds(_ process: Int32) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
        else {
            return 0
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The largest resident size of a process, megabytes.
    static func peakMegabytes(_ process: Int32) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") where line.hasPrefix("VmHWM") {
            return (Double(line.split(separator: " ").dropFirst().first ?? "") ?? 0) / 1024
        }
        return 0
    }
}
