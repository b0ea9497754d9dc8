package ai.postdev.dragon.model.worker;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The memory of the C library, which keeps what was freed: whole pages of it go back to the system only when it is told so, or
 * at the end of its heap.
 */
final class NativeHeap {
    private static final Optional<MethodHandle> TRIM = find();

    private NativeHeap() {}

    private static Optional<MethodHandle> find() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> address = linker.defaultLookup().find("malloc_trim"); // glibc's own
        return address.map(found ->
                linker.downcallHandle(found, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));
    }

    /** Gives back what is free; nothing where the C library cannot be told. Takes some milliseconds. */
    static void trim() {
        if (TRIM.isPresent()) {
            try {
                int released = (int) TRIM.get().invokeExact(0L);
                assert released >= 0;
            } catch (Throwable e) {
                throw new IllegalStateException("malloc_trim cannot be called: " + e, e);
            }
        }
    }
}
