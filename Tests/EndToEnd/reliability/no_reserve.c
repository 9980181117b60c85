/* A daemon that holds no room back, without a line of it changed: started with LD_PRELOAD naming this library, files are
   allocated only in words. Only tests build it, to show that they would notice. */
#include <sys/types.h>

int posix_fallocate(int descriptor, off_t offset, off_t length) {
    (void)descriptor, (void)offset, (void)length;
    return 0;
}
