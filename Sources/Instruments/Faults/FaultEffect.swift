public import S3Protocol

/// What goes wrong with a request.
///
/// What is stored is never damaged: only replies are.
public enum FaultEffect: Sendable, Hashable {
    /// An error in place of the answer; where it is carried out, the operation was done all the same, as when
    /// a server fails while it replies.
    case error(S3Error.Code, isCarriedOut: Bool)
    /// The same behind a status of 200, as S3 does where an operation fails after its reply has begun; it is
    /// not carried out.
    ///
    /// [CompleteMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html)
    case errorIn200(S3Error.Code)
    /// `SlowDown`, where more requests come than so many a second of the ``TestClock``; `burst` may come at once.
    case throttle(perSecond: Double, burst: Int)
    /// A wait before the request is looked at, in milliseconds.
    case delay(milliseconds: Int64)
    /// Bodies travel at this many bytes a second, both ways.
    case bandwidth(bytesPerSecond: Int64)
    /// The reply's body ends after so many bytes, though more were announced.
    case truncate(afterBytes: Int64)
    /// One bit of the reply's body is another; `nil` leaves the place to chance.
    case flip(atByte: Int64?)
    /// The connection is reset after so many bytes of the reply's body; `nil` before its head.
    case reset(afterBytes: Int64?)
    /// The operation is carried out and no reply comes; the connection stays open so many milliseconds.
    case silence(milliseconds: Int64)
    /// `100 Continue` comes right before the reply, whether anybody asked for it or not.
    case staleContinue
    /// The reply's `Date` is wrong by so many seconds.
    case skew(seconds: Int64)
}

extension FaultEffect {
    /// Its name in the administration API, such as `error-in-200`.
    public var name: String {
        switch self {
        case .error: "error"
        case .errorIn200: "error-in-200"
        case .throttle: "throttle"
        case .delay: "delay"
        case .bandwidth: "bandwidth"
        case .truncate: "truncate"
        case .flip: "flip"
        case .reset: "reset"
        case .silence: "silence"
        case .staleContinue: "stale-continue"
        case .skew: "skew"
        }
    }

    /// Whether nothing else can go wrong with a request that this happens to.
    var isFinal: Bool {
        switch self {
        case .error, .errorIn200, .throttle, .truncate, .flip, .reset, .silence: true
        case .delay, .bandwidth, .staleContinue, .skew: false
        }
    }
}
