import Foundation
import Testing

/// The compiler lets undeclared imports pass; this does not.
struct ImportTests {
    @Test func `a room imports only what its row names, and what stands behind that`() throws {
        let house = try House.drawn()
        let names = Set(house.rooms.map(\.name))
        for room in house.rooms {
            for (file, module) in Imports(of: room.path).found where names.contains(module) {
                #expect(
                    room.allowed.contains(module),
                    "\(room.path)/\(file) imports \(module), which its row does not name"
                )
            }
        }
    }

    @Test func `every folder of a room is drawn`() throws {
        let house = try House.drawn()
        for floor in ["Core", "Edge", "Screen"] {
            let folders = try FileManager.default.contentsOfDirectory(
                atPath: House.root.appending(path: "Sources/\(floor)").path
            )
            for folder in folders.sorted() {
                #expect(house.room(folder)?.floor == floor, "Sources/\(floor)/\(folder)")
            }
        }
    }

    @Test func `rooms that decide know rooms alone: no clock, no file, no library`() throws {
        let house = try House.drawn()
        let names = Set(house.rooms.map(\.name))
        for room in house.rooms
        where room.floor == "Core" || ["Canvas", "Dashboard"].contains(room.name) {
            for (file, module) in Imports(of: room.path).found {
                #expect(names.contains(module), "\(room.path)/\(file) imports \(module)")
            }
        }
    }

    @Test func `the tests of a room import that room and what it may import`() throws {
        let house = try House.drawn()
        let names = Set(house.rooms.map(\.name))
        for room in house.rooms {
            let folder = "Tests/\(room.name)Tests"
            // Whole speakers are tested in the simulated network.
            let instruments = room.name == "Speaker" ? ["Simulation"] : []
            for (file, module) in Imports(of: folder).found where names.contains(module) {
                #expect(
                    module == room.name || room.allowed.contains(module)
                        || instruments.contains(module),
                    "\(folder)/\(file) imports \(module)"
                )
            }
        }
    }

    @Test(arguments: [
        ("import Glibc", ["Glibc"]), ("package import BGPWire", ["BGPWire"]),
        ("@testable import Lab", ["Lab"]), ("import struct Foundation.URL", ["Foundation"]),
        ("// we import nothing", []), ("let import = 1", []),
    ])
    func `an import line names its module`(line: String, modules: [String]) {
        #expect(Imports.modules(in: line) == modules)
    }

    @Test func `a table is read with what stands behind each row`() {
        let house = House(
            page: """
                | `Sources/Core/` | what | may import |
                |---|---|---|
                | `A` | first | – |
                | `B` | second | A |
                | `C` | third | B |
                | `D` | last | every room above |

                | `Sources/` | | |
                |---|---|---|
                | `program` | all | everything |
                | `Shims/` `CX`, `CY` | shims | |
                """
        )
        #expect(house.rooms.map(\.path).last == "Sources/program")
        #expect(house.room("C")?.allowed == ["A", "B"])
        #expect(house.room("D")?.allowed == ["A", "B", "C"])
        #expect(house.room("program")?.allowed == ["A", "B", "C", "D"])
        #expect(house.shims == ["CX", "CY"])
    }
}
