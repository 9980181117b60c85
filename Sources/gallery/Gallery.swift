/// The gallery.
@main struct Gallery { static func main() {} }
