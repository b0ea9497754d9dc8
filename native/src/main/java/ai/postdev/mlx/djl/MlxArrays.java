package ai.postdev.mlx.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.postdev.mlx.MlxArray;
import ai.postdev.mlx.MlxEngine;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Makes arrays and closes those that were not closed before it; DJL calls this a manager. */
final class MlxArrays extends BaseNDManager {
    private final boolean root;

    MlxArrays(MlxArrays parent, Device device) {
        super(parent, device);
        this.root = parent == null;
    }

    MlxEngine mlx() {
        return getEngine().mlx();
    }

    @Override
    public ByteBuffer allocateDirect(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
    }

    @Override
    public MlxNDArray from(NDArray array) {
        if (array instanceof MlxNDArray own) {
            return own;
        }
        return create(array.toByteBuffer(), array.getShape(), array.getDataType());
    }

    @Override
    public MlxNDArray create(Buffer data, Shape shape, DataType type) {
        int elements = Math.toIntExact(shape.size());
        validateBuffer(data, type, elements);
        ByteBuffer bytes;
        if (data instanceof ByteBuffer given) {
            bytes = given.duplicate().order(given.order());
        } else {
            bytes = allocateDirect(elements * type.getNumOfBytes());
            copyBuffer(data, bytes);
            bytes.rewind();
        }
        bytes.limit(bytes.position() + elements * type.getNumOfBytes());
        return wrap(MlxArray.of(mlx(), Types.of(type), shape.getShape(), bytes));
    }

    @Override
    public MlxNDArray create(Shape shape, DataType type) {
        return full(shape, 0, type);
    }

    @Override
    public NDArray zeros(Shape shape, DataType type) {
        return full(shape, 0, type);
    }

    @Override
    public NDArray ones(Shape shape, DataType type) {
        return full(shape, 1, type);
    }

    @Override
    public MlxNDArray full(Shape shape, float value, DataType type) {
        long[] ints = new long[shape.dimension() + 1];
        ints[0] = Types.of(type).ordinal();
        System.arraycopy(shape.getShape(), 0, ints, 1, shape.dimension());
        return apply("full", List.of(), ints, value).getFirst();
    }

    @Override
    public NDArray arange(float start, float stop, float step, DataType type) {
        return apply("arange", List.of(), new long[] {Types.of(type).ordinal()}, start, stop, step)
                .getFirst();
    }

    List<MlxNDArray> apply(String operation, List<MlxNDArray> arrays, long[] ints, double... reals) {
        List<MlxArray> natives = arrays.stream().map(MlxNDArray::mlx).toList();
        return MlxArray.apply(mlx(), operation, natives, ints, reals).stream()
                .map(this::wrap)
                .toList();
    }

    MlxNDArray wrap(MlxArray array) {
        return new MlxNDArray(this, array);
    }

    @Override
    public MlxArrays newSubManager(Device device) {
        MlxArrays child = new MlxArrays(this, device);
        attachUncappedInternal(child.uid, child);
        return child;
    }

    @Override
    public MlxDjlEngine getEngine() {
        // Asked for by DJL's own constructor already, before any field is set.
        return (MlxDjlEngine) Engine.getEngine(MlxDjlProvider.NAME);
    }

    /** The root lives as long as the engine. */
    @Override
    public void close() {
        if (!root) {
            super.close();
        }
    }
}
