package ai.postdev.dragon.lake.syntax;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Keeps a hand-written token scanner of a grammar from ending the process. Some scanners write a state of more than the
 * 1,024 bytes that the library has room for, upon which it aborts: Bash for a here-document with a name of 1,016
 * characters, Python for 500 levels of indentation inside a string's braces; Kotlin's aborts itself at 1,024 nested
 * strings. A grammar is a table of data and functions, so a copy of the table with a careful function in place of the
 * scanner's own is a safe grammar. Past the limit the scanner's state is forgotten: symbols may be missed, no more.
 *
 * <p>The offsets are those of {@code struct TSLanguage} in {@code tree_sitter/parser.h}, ABI 14 and 15; a grammar whose
 * table holds another function there is refused.
 */
final class GuardedScanner {
    private static final int ABI_OFFSET = 0;
    private static final int SCAN_OFFSET = 200;
    private static final int SERIALIZE_OFFSET = 208;
    private static final int ABI_14_BYTES = 232;
    private static final int ABI_15_BYTES = 288;
    private static final int STATE_BYTES = 1024;
    private static final int SCRATCH_BYTES = 1 << 16;
    private static final int MOST_NESTED = 1000;

    private static final FunctionDescriptor SCAN = FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, ADDRESS, ADDRESS);
    private static final FunctionDescriptor SERIALIZE = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);

    private final MethodHandle original;
    private final ThreadLocal<MemorySegment> scratch =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(SCRATCH_BYTES));

    private GuardedScanner(MethodHandle original) {
        this.original = original;
    }

    /** The grammar with its scanner guarded where that is necessary. */
    static MemorySegment guard(String name, SymbolLookup library, MemorySegment language) {
        return switch (name) {
            case "kotlin" -> guarded(name, library, language, "scan", SCAN_OFFSET, SCAN);
            case "bash", "python" -> guarded(name, library, language, "serialize", SERIALIZE_OFFSET, SERIALIZE);
            default -> language;
        };
    }

    private static MemorySegment guarded(
            String name,
            SymbolLookup library,
            MemorySegment language,
            String function,
            int offset,
            FunctionDescriptor type) {
        MemorySegment original = library.findOrThrow("tree_sitter_" + name + "_external_scanner_" + function);
        int abi = language.reinterpret(4).get(JAVA_INT, ABI_OFFSET);
        int bytes = abi >= 15 ? ABI_15_BYTES : ABI_14_BYTES;
        MemorySegment table = language.reinterpret(bytes);
        if (abi < 14 || abi > 15 || !table.get(ADDRESS, offset).equals(original)) {
            throw new IllegalStateException("the grammar " + name + " has another layout (ABI " + abi
                    + ") than the guard of its scanner knows (ABI 14 or 15)");
        }
        GuardedScanner guard = new GuardedScanner(Linker.nativeLinker().downcallHandle(original, type));
        MemorySegment copy = Arena.global().allocate(bytes, 8).copyFrom(table);
        copy.set(ADDRESS, offset, Linker.nativeLinker().upcallStub(guard.method(function, type), type, Arena.global()));
        return copy;
    }

    private MethodHandle method(String function, FunctionDescriptor type) {
        try {
            MethodType java = type.toMethodType();
            return MethodHandles.lookup().bind(this, function, java);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this class has no method " + function, e);
        }
    }

    /** Kotlin's scanner keeps a stack of open strings, an {@code Array}: pointer, size, capacity. */
    @SuppressWarnings("UnusedMethod")
    private boolean scan(MemorySegment payload, MemorySegment lexer, MemorySegment validSymbols) {
        try {
            if (payload.reinterpret(16).get(JAVA_INT, 8) >= MOST_NESTED) {
                return false;
            }
            return (boolean) original.invokeExact(payload, lexer, validSymbols);
        } catch (Throwable e) {
            throw new IllegalStateException("the scanner cannot be called", e);
        }
    }

    @SuppressWarnings("UnusedMethod")
    private int serialize(MemorySegment payload, MemorySegment state) {
        MemorySegment room = scratch.get();
        try {
            int length = (int) original.invokeExact(payload, room);
            if (length > STATE_BYTES) {
                return 0;
            }
            MemorySegment.copy(room, 0, state.reinterpret(STATE_BYTES), 0, length);
            return length;
        } catch (Throwable e) {
            throw new IllegalStateException("the scanner cannot be called", e);
        }
    }
}
