import GRDB
import Hummingbird
import Mustache
