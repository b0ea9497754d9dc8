package ai.postdev.mlx.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * The few of DJL's internal operations that inference needs: stack, concat, where and their kin. A proxy, because the
 * interface has fifty more that train networks and resize images, all of which only say that they are not supported.
 */
final class MlxNDArrayEx implements InvocationHandler {
    private final MlxNDArray array;

    private MlxNDArrayEx(MlxNDArray array) {
        this.array = array;
    }

    static NDArrayEx of(MlxNDArray array) {
        return (NDArrayEx) Proxy.newProxyInstance(
                NDArrayEx.class.getClassLoader(), new Class<?>[] {NDArrayEx.class}, new MlxNDArrayEx(array));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "getArray" -> array;
            case "stack" -> joined("stack", (NDList) arguments[0], arguments.length > 1 ? (int) arguments[1] : 0);
            case "concat" -> joined("concat", (NDList) arguments[0], arguments.length > 1 ? (int) arguments[1] : 0);
            case "where" -> {
                MlxArrays arrays = array.arrays();
                MlxNDArray condition = arrays.from((NDArray) arguments[0]);
                MlxNDArray other = arrays.from((NDArray) arguments[1]);
                yield arrays.apply("where", List.of(condition, array, other), new long[0])
                        .getFirst();
            }
            case "rdiv" ->
                arguments[0] instanceof NDArray other
                        ? array.arrays().from(other).div(array)
                        : number(arguments).div(array);
            case "rsub" ->
                arguments[0] instanceof NDArray other
                        ? array.arrays().from(other).sub(array)
                        : number(arguments).sub(array);
            case "max", "min" ->
                arguments[0] instanceof Number number
                        ? method.getName().equals("max") ? array.maximum(number) : array.minimum(number)
                        : method.getName().equals("max")
                                ? array.maximum((NDArray) arguments[0])
                                : array.minimum((NDArray) arguments[0]);
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "MLX internals of " + array.getShape();
            default -> {
                if (method.isDefault()) {
                    yield InvocationHandler.invokeDefault(proxy, method, arguments);
                }
                throw new UnsupportedOperationException("the engine MLX has no " + method.getName());
            }
        };
    }

    private MlxNDArray number(Object[] arguments) {
        int type = Types.of(array.getDataType()).ordinal();
        return array.arrays()
                .apply("scalar", List.of(), new long[] {type}, ((Number) arguments[0]).doubleValue())
                .getFirst();
    }

    private MlxNDArray joined(String operation, NDList others, int axis) {
        List<MlxNDArray> all = new ArrayList<>();
        all.add(array);
        for (NDArray other : others) {
            all.add(array.arrays().from(other));
        }
        return array.arrays().apply(operation, all, new long[] {axis}).getFirst();
    }
}
