package ai.postdev.mlx.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.full.NDIndexFullSlice;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.postdev.mlx.MlxArray;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An array of MLX in DJL's words. It knows what {@link MlxOperations} lists; everything else says that it is not
 * supported, by the adapter.
 */
final class MlxNDArray extends MlxOperations {
    private MlxArray array;

    MlxNDArray(MlxArrays arrays, MlxArray array) {
        super(arrays, new Shape(array.shape()), Types.of(array.type()));
        this.array = array;
        arrays.attachInternal(getUid(), this);
    }

    MlxArray mlx() {
        if (isClosed) {
            throw new IllegalStateException("this array is closed");
        }
        return array;
    }

    @Override
    MlxNDArray self() {
        return this;
    }

    @Override
    MlxArrays arrays() {
        return (MlxArrays) getManager();
    }

    @Override
    public ByteBuffer toByteBuffer(boolean tryDirect) {
        return mlx().read();
    }

    @Override
    public void intern(NDArray replaced) {
        MlxNDArray other = (MlxNDArray) replaced;
        array.close();
        array = other.array;
        shape = other.shape;
        dataType = other.dataType;
        // The other one gave its array away and must not close it.
        other.isClosed = true;
        other.getManager().detachInternal(other.getUid());
    }

    @Override
    public void detach() {
        manager.detachInternal(getUid());
        manager = MlxHome.root(manager);
    }

    @Override
    public void close() {
        if (!isClosed) {
            super.close();
            array.close();
        }
    }

    @Override
    public NDArray toType(DataType type, boolean copy) {
        if (type == getDataType() && !copy) {
            return this;
        }
        return one("cast", Types.of(type).ordinal());
    }

    @Override
    public NDArray get(NDIndex index) {
        return get(getManager(), index);
    }

    @Override
    public NDArray get(NDManager target, NDIndex index) {
        if (index.getRank() == 0 && getShape().isScalar()) {
            return one("copy");
        }
        NDIndexFullSlice slice = NDIndexFullSlice.fromIndex(index, getShape())
                .orElseThrow(() -> new UnsupportedOperationException(
                        "the engine MLX reads arrays by places and slices, not by " + index));
        long[] ints = LongStream.concat(
                        LongStream.concat(Arrays.stream(slice.getMin()), Arrays.stream(slice.getMax())),
                        Arrays.stream(slice.getStep()))
                .toArray();
        NDArray result;
        try (MlxNDArray cut = one("slice", ints)) {
            result = cut.reshape(slice.getSqueezedShape());
        }
        result.attach(target);
        return result;
    }

    @Override
    public NDList split(long[] indices, int axis) {
        long[] ints =
                LongStream.concat(LongStream.of(axis), Arrays.stream(indices)).toArray();
        return new NDList(arrays().apply("split", List.of(this), ints).toArray(NDArray[]::new));
    }

    @Override
    public NDList split(long sections, int axis) {
        long length = getShape().get(axis);
        if (sections < 1 || length % sections != 0) {
            throw new IllegalArgumentException(length + " cannot be split into " + sections + " parts");
        }
        return split(
                LongStream.range(1, sections).map(i -> i * length / sections).toArray(), axis);
    }

    @Override
    public NDArray reshape(Shape wanted) {
        return one("reshape", wanted.getShape());
    }

    @Override
    public NDArray expandDims(int axis) {
        List<Long> dims =
                new ArrayList<>(Arrays.stream(getShape().getShape()).boxed().toList());
        dims.add(axis < 0 ? axis + dims.size() + 1 : axis, 1L);
        return one("reshape", dims.stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    public NDArray squeeze(int[] axes) {
        int dimensions = getShape().dimension();
        List<Integer> gone = Arrays.stream(axes)
                .map(axis -> axis < 0 ? axis + dimensions : axis)
                .boxed()
                .toList();
        for (int axis : gone) {
            if (getShape().get(axis) != 1) {
                throw new IllegalArgumentException("dimension " + axis + " of " + getShape() + " is not 1");
            }
        }
        return one(
                "reshape",
                IntStream.range(0, dimensions)
                        .filter(axis -> !gone.contains(axis))
                        .mapToLong(getShape()::get)
                        .toArray());
    }

    @Override
    public NDArray transpose(int... axes) {
        return one("transpose", Arrays.stream(axes).asLongStream().toArray());
    }

    @Override
    public NDArray transpose() {
        int dimensions = getShape().dimension();
        return transpose(
                IntStream.range(0, dimensions).map(i -> dimensions - 1 - i).toArray());
    }

    @Override
    public NDArrayEx getNDArrayInternal() {
        return MlxNDArrayEx.of(this);
    }
}
