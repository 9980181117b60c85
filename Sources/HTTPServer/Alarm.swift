import NIOCore

/// One scheduled look at a connection.
///
/// An alarm that comes too early is let be: it costs less to look in vain now and then than to
/// schedule anew at each request.
final class Alarm {
    private var scheduled: (due: NIODeadline, task: Scheduled<Void>)?

    /// Sees to it that `ring` is called at `due` or before.
    func set(_ due: NIODeadline, on loop: any EventLoop, ring: @escaping () -> Void) {
        if let scheduled, scheduled.due <= due { return }
        cancel()
        let task = loop.assumeIsolated().scheduleTask(deadline: due) { [self] in
            scheduled = nil
            ring()
        }
        scheduled = (due, task)
    }

    func cancel() { scheduled.take()?.task.cancel() }
}
