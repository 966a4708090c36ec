import Foundation

/// What a part of a scenario cost one program.
struct Cost {
    /// The scenario's name: S1, S5.
    var name: String
    /// The part, in words.
    var part: String
    var cpuSeconds: Double?
    var wallSeconds: Double?
    var megabytes: Double?
    /// What else is to be said.
    var note = ""
}

extension Cost {
    /// The medians of the same part in several runs; what was given up once counts as given up.
    init(mediansOf costs: [Cost]) {
        func median(_ value: (Cost) -> Double?) -> Double? {
            let all = costs.compactMap(value)
            return all.count == costs.count ? all.sorted()[all.count / 2] : nil
        }
        self = costs[0]
        cpuSeconds = median(\.cpuSeconds)
        wallSeconds = median(\.wallSeconds)
        megabytes = median(\.megabytes)
        note = (costs.first { $0.wallSeconds == nil } ?? costs[costs.count / 2]).note
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

    /// Waits for the next line, at most for so many seconds; nil where none comes. Each is written at once, and alone.
    func readLine(seconds: Double = 60) -> String? {
        let handle = output.fileHandleForReading
        var ready = pollfd(fd: handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, Int32(seconds * 1000)) > 0 else { return nil }
        let data = handle.availableData
        if data.isEmpty { return nil }
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

    /// User and system seconds so far, of the process and those that it has started.
    var cpuSeconds: Double {
        family.reduce(0) { sum, number in
            let fields = Self.fields(number)
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
            else { return sum }
            return sum + (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }

    /// The largest resident size, megabytes, of the process and those that it has started.
    var peakMegabytes: Double { megabytes("VmHWM") }

    /// A size that the kernel keeps of the processes, megabytes.
    func megabytes(_ name: String) -> Double {
        family.reduce(0) { sum, number in
            let text = Self.read("/proc/\(number)/status")
            for line in text.split(separator: "\n") where line.hasPrefix(name) {
                return sum + (Double(line.split(separator: " ").dropFirst().first ?? "") ?? 0)
                    / 1024
            }
            return sum
        }
    }

    /// The process and its descendants.
    private var family: [Int32] {
        var found = [process.processIdentifier]
        var next = 0
        while next < found.count {
            let number = found[next]
            next += 1
            let children = Self.read("/proc/\(number)/task/\(number)/children")
            found += children.split(separator: " ").compactMap { Int32($0) }
        }
        return found
    }

    /// The fields of /proc/PID/stat behind the command's name.
    private static func fields(_ number: Int32) -> [Substring] {
        read("/proc/\(number)/stat").split(separator: ")").last?.split(separator: " ") ?? []
    }

    private static func read(_ file: String) -> String {
        (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    }
}
