package ai.postdev.mlx.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import ai.postdev.mlx.MlxEngine;
import ai.postdev.mlx.MlxSession;
import ai.postdev.mlx.Models;
import ai.postdev.mlx.Step;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The engine "MLX" as a user of DJL sees it: found by its name, its operations against plain Java, its models. */
class MlxDjlTest {
    private static final float[] A = {1.5f, -2, 0.25f, 3, -0.5f, 4};
    private static final float[] B = {2, 3, 0.5f, -1, 0.75f, 4};

    private NDManager arrays;
    private int before;

    @BeforeEach
    void open() {
        // Skips where this build has no MLX.
        Models.engine().close();
        arrays = Engine.getEngine("MLX").newBaseManager();
        before = MlxEngine.liveHandles();
    }

    @AfterEach
    void everythingIsFreed() {
        if (arrays != null) {
            arrays.close();
            assertEquals(before, MlxEngine.liveHandles(), "arrays are left after their manager was closed");
        }
    }

    @Test
    void djlFindsTheEngine() {
        Engine engine = Engine.getEngine("MLX");
        assertEquals("MLX", engine.getEngineName());
        assertEquals("0.32.4", engine.getVersion());
        assertTrue(Engine.getAllEngines().contains("MLX"));
        assertEquals(engine.defaultDevice(), arrays.getDevice());
        assertEquals(engine.getGpuCount() > 0 ? Device.gpu() : Device.cpu(), arrays.getDevice());
    }

    private NDArray a() {
        return arrays.create(A, new Shape(2, 3));
    }

    private NDArray b() {
        return arrays.create(B, new Shape(2, 3));
    }

    private static void near(double[] expected, NDArray found) {
        float[] values = found.toType(DataType.FLOAT32, false).toFloatArray();
        assertEquals(expected.length, values.length);
        for (int i = 0; i < values.length; i++) {
            assertEquals(expected[i], values[i], 1e-5 + 1e-5 * Math.abs(expected[i]), "element " + i);
        }
    }

    private void one(DoubleUnaryOperator plain, Function<NDArray, NDArray> mlx) {
        double[] expected = new double[A.length];
        for (int i = 0; i < A.length; i++) {
            expected[i] = plain.applyAsDouble(A[i]);
        }
        near(expected, mlx.apply(a()));
    }

    private void two(DoubleBinaryOperator plain, Function<NDArray, Function<NDArray, NDArray>> mlx) {
        double[] expected = new double[A.length];
        for (int i = 0; i < A.length; i++) {
            expected[i] = plain.applyAsDouble(A[i], B[i]);
        }
        near(expected, mlx.apply(a()).apply(b()));
        double[] scalar = new double[A.length];
        for (int i = 0; i < A.length; i++) {
            scalar[i] = plain.applyAsDouble(A[i], 2);
        }
        near(scalar, mlx.apply(a()).apply(arrays.create(2f)));
    }

    @Test
    void numbersOneByOne() {
        one(x -> -x, NDArray::neg);
        one(Math::abs, NDArray::abs);
        one(Math::signum, NDArray::sign);
        one(x -> x * x, NDArray::square);
        one(Math::exp, NDArray::exp);
        one(x -> Math.log(Math.abs(x)), x -> x.abs().log());
        one(x -> Math.sqrt(Math.abs(x)), x -> x.abs().sqrt());
        one(Math::tanh, NDArray::tanh);
        one(Math::sin, NDArray::sin);
        one(Math::cos, NDArray::cos);
        one(Math::floor, NDArray::floor);
        one(Math::ceil, NDArray::ceil);
        one(x -> Math.max(-1, Math.min(2, x)), x -> x.clip(-1, 2));
        one(x -> x + 1.5, x -> x.add(1.5));
        one(x -> x * 3, x -> x.mul(3));
        one(x -> x - 0.5, x -> x.sub(0.5));
        one(x -> x / 4, x -> x.div(4));
        one(x -> x > 0 ? 1 : 0, x -> x.gt(0));
        one(x -> x >= 3 ? 1 : 0, x -> x.gte(3));
        one(x -> x == -2 ? 1 : 0, x -> x.eq(-2));
        near(
                new double[] {0, 0.842700793, -0.842700793},
                arrays.create(new float[] {0, 1, -1}).erf());
        assertArrayEquals(
                new boolean[] {false, true},
                arrays.create(new float[] {1, Float.NaN}).isNaN().toBooleanArray());
    }

    @Test
    void numbersByPairs() {
        two((x, y) -> x + y, x -> x::add);
        two((x, y) -> x - y, x -> x::sub);
        two((x, y) -> x * y, x -> x::mul);
        two((x, y) -> x / y, x -> x::div);
        two((x, y) -> Math.pow(Math.abs(x), y), x -> x.abs()::pow);
        two(Math::max, x -> x::maximum);
        two(Math::min, x -> x::minimum);
        two((x, y) -> x == y ? 1 : 0, x -> x::eq);
        two((x, y) -> x != y ? 1 : 0, x -> x::neq);
        two((x, y) -> x > y ? 1 : 0, x -> x::gt);
        two((x, y) -> x >= y ? 1 : 0, x -> x::gte);
        two((x, y) -> x < y ? 1 : 0, x -> x::lt);
        two((x, y) -> x <= y ? 1 : 0, x -> x::lte);
        two((x, y) -> x > 0 ? x : y, x -> y -> NDArrays.where(x.gt(0), x, y.broadcast(x.getShape())));
        NDArray yes = a().gt(0);
        NDArray no = b().gt(0);
        near(new double[] {1, 0, 1, 0, 0, 1}, yes.logicalAnd(no));
        near(new double[] {1, 1, 1, 1, 1, 1}, yes.logicalOr(no));
        near(new double[] {0, 1, 0, 0, 1, 0}, yes.logicalNot());
        assertEquals(DataType.BOOLEAN, yes.getDataType());
    }

    @Test
    void overAxes() {
        near(new double[] {6.25}, a().sum());
        near(new double[] {4.5, -2.5, 4.25}, a().sum(new int[] {0}));
        near(new double[] {-0.25, 6.5}, a().sum(new int[] {1}, true));
        assertEquals(new Shape(2, 1), a().sum(new int[] {1}, true).getShape());
        near(new double[] {6.25 / 6}, a().mean());
        near(new double[] {4}, a().max());
        near(new double[] {-2, -0.5}, a().min(new int[] {1}));
        near(new double[] {4.5}, arrays.create(new float[] {1.5f, 3}).prod());
        assertEquals(5, a().argMax().getLong());
        assertArrayEquals(new long[] {0, 2}, a().argMax(1).toLongArray());
        assertArrayEquals(new long[] {1, 1}, a().argMin(1).toLongArray());
        double sum = Math.exp(1.5) + Math.exp(-2) + Math.exp(0.25);
        near(
                new double[] {Math.exp(1.5) / sum, Math.exp(-2) / sum, Math.exp(0.25) / sum},
                a().softmax(1).get(0));
        near(new double[] {1.5 - Math.log(sum)}, a().logSoftmax(-1).get(0, 0));
        near(new double[] {1.5, -0.5, -0.25, 3, 2.5, 6.5}, a().cumSum(1));
        double length = Math.sqrt(1.5 * 1.5 + 4 + 0.0625);
        near(
                new double[] {1.5 / length, -2 / length, 0.25 / length},
                a().normalize(2, 1).get(0));
    }

    @Test
    void shapes() {
        assertEquals(new Shape(3, 2), a().transpose().getShape());
        near(new double[] {1.5, 3, -2, -0.5, 0.25, 4}, a().transpose(1, 0));
        assertEquals(new Shape(6), a().flatten().getShape());
        assertEquals(new Shape(3, 2), a().reshape(3, -1).getShape());
        assertEquals(new Shape(2, 1, 3), a().expandDims(1).getShape());
        assertEquals(new Shape(2, 3, 1), a().expandDims(-1).getShape());
        assertEquals(new Shape(2, 3), a().expandDims(0).squeeze(0).getShape());
        assertThrows(IllegalArgumentException.class, () -> a().squeeze(0));
        near(new double[] {-2, -0.5}, a().get(":, 1"));
        near(new double[] {-0.5, 4}, a().get(new NDIndex("1, 1:")));
        near(new double[] {1.5, 0.25}, a().get("0, ::2"));
        near(new double[] {4}, a().get("-1, -1"));
        NDList stacked = new NDList(a(), b());
        assertEquals(new Shape(2, 2, 3), NDArrays.stack(stacked).getShape());
        assertEquals(new Shape(2, 6), NDArrays.concat(stacked, 1).getShape());
        near(
                new double[] {1.5, -2, 0.25, 2, 3, 0.5},
                NDArrays.concat(stacked, 1).get(0));
        NDList parts = a().split(new long[] {1}, 1);
        near(new double[] {1.5, 3}, parts.get(0));
        near(new double[] {-2, 0.25, -0.5, 4}, parts.get(1));
        assertEquals(3, a().split(3, 1).size());
        assertEquals(new Shape(4, 2, 3), a().broadcast(new Shape(4, 2, 3)).getShape());
        assertEquals(new Shape(4, 3), a().tile(new long[] {2, 1}).getShape());
        near(
                new double[] {1.5 * 2 - 2 * 3 + 0.25 * 0.5, 1.5 * -1 - 2 * 0.75 + 0.25 * 4},
                a().matMul(b().transpose()).get(0));
    }

    @Test
    void making() {
        near(new double[] {0, 0}, arrays.zeros(new Shape(2)));
        near(new double[] {1, 1}, arrays.ones(new Shape(2)));
        near(new double[] {7, 7}, arrays.full(new Shape(2), 7));
        near(new double[] {1, 3}, arrays.arange(1f, 5f, 2f));
        assertArrayEquals(new int[] {1, 2}, arrays.create(new int[] {1, 2}).toIntArray());
        assertArrayEquals(
                new long[] {1, 1L << 40},
                arrays.create(new long[] {1, 1L << 40}).toLongArray());
        assertArrayEquals(
                new boolean[] {true, false},
                arrays.create(new boolean[] {true, false}).toBooleanArray());
        assertArrayEquals(
                new int[] {1, -2},
                arrays.create(new float[] {1.7f, -2.2f})
                        .toType(DataType.INT32, false)
                        .toIntArray());
        near(new double[] {1.5}, arrays.create(1.5f).toType(DataType.FLOAT16, false));
        assertEquals(new Shape(), arrays.create(3).getShape());
        assertTrue(a().toString().contains("1.5"), a().toString());
        assertThrows(UnsupportedOperationException.class, () -> arrays.zeros(new Shape(1), DataType.INT16));
        assertThrows(RuntimeException.class, () -> a().add(arrays.zeros(new Shape(5))));
        assertThrows(UnsupportedOperationException.class, () -> a().sort());
        NDArray closed = a();
        closed.close();
        closed.close();
        assertTrue(closed.isReleased());
        assertThrows(IllegalStateException.class, closed::neg);
    }

    @Test
    void arraysLiveAsLongAsTheirManager() {
        NDArray kept;
        try (NDManager inner = arrays.newSubManager()) {
            NDArray lost = inner.create(A);
            kept = lost.add(1);
            kept.attach(arrays);
            inner.close();
            assertTrue(lost.isReleased());
        }
        near(new double[] {2.5, -1, 1.25, 4, 0.5, 5}, kept);
        NDArray free = a();
        free.detach();
        NDArray other = b();
        free.intern(other);
        near(new double[] {2, 3, 0.5, -1, 0.75, 4}, free);
        free.close();
    }

    @Test
    void aLanguageModelPredictsAndStreams() throws IOException, MalformedModelException, TranslateException {
        try (Model model = Model.newInstance("llama", "MLX")) {
            model.load(Models.tiny("llama.gguf"));
            MlxDecoderBlock block = (MlxDecoderBlock) model.getBlock();
            int[] prompt = block.model().tokenizer().encode("ABC", true);
            float[] expected;
            try (MlxEngine engine = Models.engine();
                    MlxSession session = block.model().session(64)) {
                expected = engine.step(Step.logits(session, Step.Logits.ALL, prompt))
                        .logits();
            }
            try (Predictor<NDList, NDList> logits = model.newPredictor(new NoopTranslator())) {
                NDArray found =
                        logits.predict(new NDList(arrays.create(prompt))).head();
                assertEquals(new Shape(1, prompt.length, 64), found.getShape());
                assertArrayEquals(expected, found.toFloatArray(), 1e-5f);
            }
            try (Predictor<String, MlxText> predictor = model.newPredictor(new MlxTextGeneration(12, 0, 0))) {
                assertTrue(predictor.supportsStreaming());
                String whole = predictor.predict("ABC").rest();
                StringBuilder pieces = new StringBuilder();
                MlxText stream = predictor.streamingPredict("ABC").getIterativeOutput();
                assertTrue(stream.hasNext());
                stream.forEachRemaining(pieces::append);
                assertEquals(whole, pieces.toString());
                assertFalse(whole.isEmpty());
                MlxText left = predictor.streamingPredict("ABC").getIterativeOutput();
                assertTrue(whole.startsWith(left.next()), "a stream may be left early");
            }
        }
    }

    @Test
    void anEncoderEmbeds() throws IOException, MalformedModelException, TranslateException {
        try (Model model = Model.newInstance("minilm", "MLX")) {
            model.load(Models.miniLm());
            MlxEncoderBlock block = (MlxEncoderBlock) model.getBlock();
            int[] tokens = block.encoder().tokenizer().encode("hello world", true);
            int[] padded = Arrays.copyOf(tokens, tokens.length + 3);
            long[] mask = new long[padded.length];
            Arrays.fill(mask, 0, tokens.length, 1);
            float[] expected = block.encoder()
                    .embedTokens(java.util.List.of(tokens), ai.postdev.mlx.MlxEncoder.Pooling.MEAN, false)
                    .getFirst();
            try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
                NDArray found = predictor
                        .predict(new NDList(arrays.create(new int[][] {padded}), arrays.create(new long[][] {mask})))
                        .head();
                assertArrayEquals(expected, found.toFloatArray(), 1e-4f);
            }
        }
    }

    @Test
    void whatCannotBeLoadedIsSaid() throws IOException, MalformedModelException {
        try (Model model = Model.newInstance("x", "MLX")) {
            MalformedModelException e =
                    assertThrows(MalformedModelException.class, () -> model.load(Models.tiny("llama/config.json")));
            assertTrue(e.getMessage().contains("no whole GGUF file"), e.getMessage());
        }
    }
}
