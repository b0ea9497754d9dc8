package ai.postdev.mlx.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrayAdapter;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** The operations of an array that are MLX's own, one line each. */
abstract class MlxOperations extends NDArrayAdapter {
    MlxOperations(NDManager arrays, Shape shape, DataType type) {
        super(arrays, null, shape, type, NDManager.nextUid());
    }

    /** The array itself. */
    abstract MlxNDArray self();

    /** Where results belong. */
    abstract MlxArrays arrays();

    /** An operation of this array alone. */
    MlxNDArray one(String operation, long... ints) {
        return arrays().apply(operation, List.of(self()), ints).getFirst();
    }

    /** An operation with another array, brought to MLX if it comes from another engine. */
    MlxNDArray two(String operation, NDArray other, long... ints) {
        return arrays().apply(operation, List.of(self(), arrays().from(other)), ints)
                .getFirst();
    }

    /** An operation with a number: whole numbers keep the type of the array, others make floats of it. */
    MlxNDArray with(String operation, Number number) {
        boolean whole = number instanceof Integer || number instanceof Long;
        boolean floats = getDataType().isFloating();
        int type = floats || whole && getDataType().isInteger()
                ? Types.of(getDataType()).ordinal()
                : ai.postdev.mlx.MlxArray.Type.FLOAT32.ordinal();
        try (MlxNDArray scalar = arrays().apply("scalar", List.of(), new long[] {type}, number.doubleValue())
                .getFirst()) {
            return two(operation, scalar);
        }
    }

    /** A sum, mean or other reduction over axes. */
    MlxNDArray over(String operation, boolean keep, int... axes) {
        long[] ints = LongStream.concat(
                        LongStream.of(keep ? 1 : 0), Arrays.stream(axes).asLongStream())
                .toArray();
        return one(operation, ints);
    }

    @Override
    public NDArray neg() {
        return one("neg");
    }

    @Override
    public NDArray abs() {
        return one("abs");
    }

    @Override
    public NDArray sign() {
        return one("sign");
    }

    @Override
    public NDArray square() {
        return one("square");
    }

    @Override
    public NDArray sqrt() {
        return one("sqrt");
    }

    @Override
    public NDArray exp() {
        return one("exp");
    }

    @Override
    public NDArray log() {
        return one("log");
    }

    @Override
    public NDArray sin() {
        return one("sin");
    }

    @Override
    public NDArray cos() {
        return one("cos");
    }

    @Override
    public NDArray tanh() {
        return one("tanh");
    }

    @Override
    public NDArray erf() {
        return one("erf");
    }

    @Override
    public NDArray floor() {
        return one("floor");
    }

    @Override
    public NDArray ceil() {
        return one("ceil");
    }

    @Override
    public NDArray add(NDArray other) {
        return two("add", other);
    }

    @Override
    public NDArray add(Number number) {
        return with("add", number);
    }

    @Override
    public NDArray sub(NDArray other) {
        return two("sub", other);
    }

    @Override
    public NDArray sub(Number number) {
        return with("sub", number);
    }

    @Override
    public NDArray mul(NDArray other) {
        return two("mul", other);
    }

    @Override
    public NDArray mul(Number number) {
        return with("mul", number);
    }

    @Override
    public NDArray div(NDArray other) {
        return two("div", other);
    }

    @Override
    public NDArray div(Number number) {
        return with("div", number);
    }

    @Override
    public NDArray mod(NDArray other) {
        return two("mod", other);
    }

    @Override
    public NDArray mod(Number number) {
        return with("mod", number);
    }

    @Override
    public NDArray pow(NDArray other) {
        return two("pow", other);
    }

    @Override
    public NDArray pow(Number number) {
        return with("pow", number);
    }

    @Override
    public NDArray maximum(NDArray other) {
        return two("maximum", other);
    }

    @Override
    public NDArray maximum(Number number) {
        return with("maximum", number);
    }

    @Override
    public NDArray minimum(NDArray other) {
        return two("minimum", other);
    }

    @Override
    public NDArray minimum(Number number) {
        return with("minimum", number);
    }

    @Override
    public NDArray eq(NDArray other) {
        return two("eq", other);
    }

    @Override
    public NDArray eq(Number number) {
        return with("eq", number);
    }

    @Override
    public NDArray neq(NDArray other) {
        return two("neq", other);
    }

    @Override
    public NDArray neq(Number number) {
        return with("neq", number);
    }

    @Override
    public NDArray gt(NDArray other) {
        return two("gt", other);
    }

    @Override
    public NDArray gt(Number number) {
        return with("gt", number);
    }

    @Override
    public NDArray gte(NDArray other) {
        return two("gte", other);
    }

    @Override
    public NDArray gte(Number number) {
        return with("gte", number);
    }

    @Override
    public NDArray lt(NDArray other) {
        return two("lt", other);
    }

    @Override
    public NDArray lt(Number number) {
        return with("lt", number);
    }

    @Override
    public NDArray lte(NDArray other) {
        return two("lte", other);
    }

    @Override
    public NDArray lte(Number number) {
        return with("lte", number);
    }

    @Override
    public NDArray sum() {
        return over("sum", false);
    }

    @Override
    public NDArray sum(int[] axes, boolean keepDims) {
        return over("sum", keepDims, axes);
    }

    @Override
    public NDArray mean() {
        return over("mean", false);
    }

    @Override
    public NDArray mean(int[] axes, boolean keepDims) {
        return over("mean", keepDims, axes);
    }

    @Override
    public NDArray max() {
        return over("max", false);
    }

    @Override
    public NDArray max(int[] axes, boolean keepDims) {
        return over("max", keepDims, axes);
    }

    @Override
    public NDArray min() {
        return over("min", false);
    }

    @Override
    public NDArray min(int[] axes, boolean keepDims) {
        return over("min", keepDims, axes);
    }

    @Override
    public NDArray prod() {
        return over("prod", false);
    }

    @Override
    public NDArray prod(int[] axes, boolean keepDims) {
        return over("prod", keepDims, axes);
    }

    @Override
    public NDArray argMax() {
        return one("argmax");
    }

    @Override
    public NDArray argMax(int axis) {
        return one("argmax", axis);
    }

    @Override
    public NDArray argMin() {
        return one("argmin");
    }

    @Override
    public NDArray argMin(int axis) {
        return one("argmin", axis);
    }

    @Override
    public NDArray softmax(int axis) {
        return one("softmax", axis);
    }

    @Override
    public NDArray logSoftmax(int axis) {
        return one("logsoftmax", axis);
    }

    @Override
    public NDArray cumSum(int axis) {
        return one("cumsum", axis);
    }

    @Override
    public NDArray isNaN() {
        return one("isnan");
    }

    @Override
    public NDArray logicalNot() {
        return one("not");
    }

    @Override
    public NDArray logicalAnd(NDArray other) {
        return two("and", other);
    }

    @Override
    public NDArray logicalOr(NDArray other) {
        return two("or", other);
    }

    @Override
    public NDArray matMul(NDArray other) {
        return two("matmul", other);
    }

    @Override
    public NDArray batchMatMul(NDArray other) {
        return two("matmul", other);
    }

    @Override
    public NDArray flatten() {
        return one("reshape", -1);
    }

    @Override
    public NDArray broadcast(Shape shape) {
        return one("broadcast", shape.getShape());
    }

    @Override
    public NDArray tile(long[] repeats) {
        return one("tile", repeats);
    }

    @Override
    public NDArray clip(Number least, Number most) {
        return arrays().apply("clip", List.of(self()), new long[0], least.doubleValue(), most.doubleValue())
                .getFirst();
    }

    /** Divides by the norm of that exponent along a dimension, as PyTorch does. */
    @Override
    public NDArray normalize(double exponent, long dimension, double epsilon) {
        int[] axis = {(int) dimension};
        try (NDArray size = abs();
                NDArray power = size.pow(exponent);
                NDArray sum = power.sum(axis, true);
                NDArray norm = sum.pow(1 / exponent);
                NDArray safe = norm.maximum(epsilon)) {
            return div(safe);
        }
    }
}
