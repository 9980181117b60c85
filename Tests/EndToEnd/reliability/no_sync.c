/* A daemon that skips its syncs, without a line of it changed: started with LD_PRELOAD naming this library, every sync
   succeeds and does nothing. Only tests build it, to show that they would notice. */
int fsync(int descriptor) { (void)descriptor; return 0; }
int fdatasync(int descriptor) { (void)descriptor; return 0; }
