package ai.postdev.mlx;

import ai.postdev.mlx.family.DecoderPlan;
import ai.postdev.mlx.family.EncoderPlan;
import ai.postdev.mlx.family.FolderFamily;
import ai.postdev.mlx.family.GgufFamily;
import ai.postdev.mlx.file.Dequantizer;
import ai.postdev.mlx.file.ElementType;
import ai.postdev.mlx.file.GgufFile;
import ai.postdev.mlx.file.Repacker;
import ai.postdev.mlx.file.SafetensorsFile;
import ai.postdev.mlx.file.Tensor;
import ai.postdev.mlx.token.GgufTokenizer;
import ai.postdev.mlx.token.Tokenizer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Brings the tensors of a file into memory that MLX allocated, in the form that the device is best at. */
final class ModelLoader {
    private final NativeThread thread;
    private final boolean keep;
    private final LoadOptions options;
    private final long table;
    private long read;

    private ModelLoader(MlxEngine engine, LoadOptions options) {
        this.thread = engine.thread();
        this.options = options;
        this.keep = options.weights() == LoadOptions.WeightPolicy.KEEP_QUANTISED
                || options.weights() == LoadOptions.WeightPolicy.BY_DEVICE && engine.gpu();
        this.table = thread.call(Native::weightsNew);
    }

    static MlxModel decoder(MlxEngine engine, Path path, LoadOptions options) throws IOException {
        if (Files.isDirectory(path)) {
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                DecoderPlan plan = FolderFamily.decoder(path, file, options.maxContext());
                Tokenizer tokenizer = FolderFamily.tokenizer(path, plan.spec().vocab());
                return decoder(engine, plan, tokenizer, FolderFamily.chatTemplate(path), options);
            }
        }
        try (GgufFile file = GgufFile.open(path)) {
            DecoderPlan plan = GgufFamily.decoder(file, options.maxContext());
            Tokenizer tokenizer = GgufTokenizer.of(file);
            String template = file.text("tokenizer.chat_template").orElse(null);
            return decoder(engine, plan, tokenizer, template, options);
        }
    }

    static MlxModel decoder(
            MlxEngine engine, DecoderPlan plan, Tokenizer tokenizer, String chatTemplate, LoadOptions options) {
        ModelLoader loader = new ModelLoader(engine, options);
        try {
            loader.put(plan.tensors(), plan.plusOne());
            if (plan.ropeFreqs().length > 0) {
                long[] shape = {plan.ropeFreqs().length};
                loader.floats("rope_freqs", shape).copyFrom(MemorySegment.ofArray(plan.ropeFreqs()));
            }
            String config = plan.spec().lines() + "keep_quantised=" + loader.keep + "\n";
            long id = loader.thread.call(() -> Native.decoderNew(config, loader.table));
            return new MlxModel(engine, plan.spec(), tokenizer, chatTemplate, id);
        } finally {
            loader.free();
        }
    }

    static MlxEncoder encoder(MlxEngine engine, Path folder, LoadOptions options) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(folder)) {
            EncoderPlan plan = EncoderPlan.of(folder, file);
            Tokenizer tokenizer = FolderFamily.tokenizer(folder, plan.vocab());
            ModelLoader loader = new ModelLoader(engine, options);
            try {
                loader.put(plan.tensors(), Set.of());
                String config = plan.config() + "keep_quantised=" + loader.keep + "\n";
                long id = loader.thread.call(() -> Native.encoderNew(config, loader.table));
                return new MlxEncoder(engine, plan, tokenizer, id);
            } finally {
                loader.free();
            }
        }
    }

    private void free() {
        thread.run(() -> Native.weightsFree(table));
    }

    private void put(Map<String, Tensor> tensors, Set<String> plusOne) {
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new MlxCancelledException("the thread was interrupted while a model was loaded");
            }
            put(entry.getKey(), entry.getValue(), plusOne.contains(entry.getKey()));
            read += entry.getValue().data().byteSize();
            options.progress().accept(read);
        }
    }

    private void put(String name, Tensor tensor, boolean plusOne) {
        ElementType type = tensor.type();
        if (type == ElementType.U32) {
            add(name, Native.UINT32, tensor.shape(), tensor.data().byteSize()).copyFrom(tensor.data());
        } else if (keep && Repacker.canKeep(type) && name.endsWith(".weight") && tensor.shape().length == 2) {
            repack(name.substring(0, name.length() - ".weight".length()), tensor);
        } else if (!plusOne && (type == ElementType.F16 || type == ElementType.BF16)) {
            int code = type == ElementType.F16 ? Native.FLOAT16 : Native.BFLOAT16;
            add(name, code, tensor.shape(), tensor.data().byteSize()).copyFrom(tensor.data());
        } else {
            MemorySegment floats = floats(name, tensor.shape());
            Dequantizer.toFloats(type, tensor.data(), floats);
            for (long i = 0; plusOne && i < tensor.elements(); i++) {
                floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, floats.getAtIndex(ValueLayout.JAVA_FLOAT, i) + 1);
            }
        }
    }

    private void repack(String name, Tensor tensor) {
        long rows = tensor.shape()[0];
        long columns = tensor.shape()[1];
        long words = columns * Repacker.bits(tensor.type()) / Integer.SIZE;
        MemorySegment weights =
                add(name + ".weight", Native.UINT32, new long[] {rows, words}, rows * words * Integer.BYTES);
        MemorySegment scales = floats(name + ".scales", new long[] {rows, columns / 32});
        MemorySegment biases = floats(name + ".biases", new long[] {rows, columns / 32});
        Repacker.repack(tensor.type(), tensor.data(), weights, scales, biases);
    }

    private MemorySegment floats(String name, long[] shape) {
        long bytes = Float.BYTES;
        for (long dimension : shape) {
            bytes *= dimension;
        }
        return add(name, Native.FLOAT32, shape, bytes);
    }

    private MemorySegment add(String name, int type, long[] shape, long bytes) {
        long address = thread.call(() -> Native.weightsAdd(table, name, type, shape));
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
