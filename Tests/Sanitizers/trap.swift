// What each sanitizer must find before it is believed that it finds nothing else; run.sh builds and runs it.
import Glibc
import Synchronization

let guarded = Mutex(UnsafeMutablePointer<Int>.allocate(capacity: 1))
nonisolated(unsafe) let bare = UnsafeMutablePointer<Int>.allocate(capacity: 1)

/// Runs `body` on four threads at once, often.
func crowd(_ body: @escaping @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?)
{
    var threads = [pthread_t](repeating: 0, count: 4)
    for index in threads.indices { pthread_create(&threads[index], nil, body, nil) }
    for thread in threads { pthread_join(thread, nil) }
}

final class Ring {
    var next: Ring?
}

switch CommandLine.arguments.last {
case "leaked":
    // On threads of their own, whose stacks are gone when leaks are looked for.
    crowd { _ in
        let ring = Ring()
        ring.next = ring
        return nil
    }
case "freed":
    bare.initialize(to: 1)
    bare.deallocate()
    print(bare.pointee)
case "race":
    bare.initialize(to: 0)
    crowd { _ in
        for _ in 0..<1000 { bare.pointee &+= 1 }
        return nil
    }
case "locked":
    // No race, and must not be called one: this is what mutex.c is for.
    guarded.withLock { $0.initialize(to: 0) }
    crowd { _ in
        for _ in 0..<100_000 { guarded.withLock { $0.pointee &+= 1 } }
        return nil
    }
default:
    print("usage: trap freed|leaked|race|locked")
}
