package ai.postdev.mlx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An array of MLX, for those who compute with arrays and not with models; the DJL engine is built on it. Operations are
 * lazy: they are computed when an array is read. Any thread.
 */
public final class MlxArray implements AutoCloseable {
    private final MlxEngine engine;
    private final Type type;
    private final long[] shape;
    private final Handle handle;

    /** Element types; their order is the native side's. */
    public enum Type {
        FLOAT32(4),
        FLOAT16(2),
        BFLOAT16(2),
        INT32(4),
        INT64(8),
        UINT8(1),
        UINT32(4),
        BOOLEAN(1),
        /** Only on a CPU. */
        FLOAT64(8),
        INT8(1);

        private static final Type[] ALL = values();

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes of an element. */
        public int bytes() {
            return bytes;
        }
    }

    private MlxArray(MlxEngine engine, long id, Type type, long[] shape) {
        this.engine = engine;
        this.type = type;
        this.shape = shape;
        this.handle = new Handle(this, "array", engine.runtime().thread(), id, Native::arrayFree);
        engine.added(this);
    }

    /**
     * Makes an array of bytes.
     *
     * @param bytes the elements in the machine's order, from the position to the limit
     * @throws MlxException when they are more or fewer than the shape says
     */
    public static MlxArray of(MlxEngine engine, Type type, long[] shape, ByteBuffer bytes) {
        int size = bytes.remaining();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment room = arena.allocate(Math.max(1, size), 8);
            MemorySegment.copy(MemorySegment.ofBuffer(bytes), 0, room, 0, size);
            long[] facts = engine.thread().call(() -> Native.arrayNew(type.ordinal(), shape, room.address(), size));
            return described(engine, facts).getFirst();
        }
    }

    /**
     * Applies an operation by its name; arrays.cpp has the list.
     *
     * @param ints its whole numbers, such as axes and shapes
     * @param reals its other numbers
     * @throws MlxException when there is no such operation or the shapes do not fit
     */
    public static List<MlxArray> apply(
            MlxEngine engine, String operation, List<MlxArray> arrays, long[] ints, double... reals) {
        return described(
                engine,
                engine.thread()
                        .call(() -> Native.arrayOp(
                                operation,
                                arrays.stream()
                                        .mapToLong(array -> array.handle.id())
                                        .toArray(),
                                ints,
                                reals)));
    }

    private static List<MlxArray> described(MlxEngine engine, long[] facts) {
        List<MlxArray> arrays = new ArrayList<>();
        for (int at = 0; at < facts.length; ) {
            int dimensions = (int) facts[at + 2];
            long[] shape = Arrays.copyOfRange(facts, at + 3, at + 3 + dimensions);
            arrays.add(new MlxArray(engine, facts[at], Type.ALL[(int) facts[at + 1]], shape));
            at += 3 + dimensions;
        }
        return arrays;
    }

    /** The element type. */
    public Type type() {
        return type;
    }

    /** The shape, outermost dimension first. */
    public long[] shape() {
        return shape.clone();
    }

    /** The engine it lives in. */
    public MlxEngine engine() {
        return engine;
    }

    /**
     * Computes it and copies its elements, in the machine's order.
     *
     * @throws MlxException when it is closed, or too large for one buffer
     */
    public ByteBuffer read() {
        long size = type.bytes();
        for (long dimension : shape) {
            size *= dimension;
        }
        if (size > Integer.MAX_VALUE) {
            throw new MlxException("an array of " + size + " bytes is more than one buffer holds");
        }
        long bytes = size;
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.max(1, (int) size)).order(ByteOrder.nativeOrder());
        engine.thread()
                .run(() -> Native.arrayRead(
                        handle.id(), MemorySegment.ofBuffer(buffer).address(), bytes));
        return buffer.limit((int) size);
    }

    /** Whether it was closed. */
    public boolean closed() {
        return handle.closed();
    }

    /** Frees it; more calls do nothing. */
    @Override
    public void close() {
        handle.close();
        engine.forget(this);
    }
}
