package ai.postdev.mlx.family;

import ai.postdev.mlx.file.Tensor;
import java.util.Map;
import java.util.Set;

/**
 * A decoder as its file has it, told in the native side's words.
 *
 * @param spec its shape
 * @param tensors its tensors by the native side's names
 * @param plusOne names whose numbers are one less in the file than in the model
 * @param ropeFreqs wavelengths of the rotations where they are not simply powers of the base, else empty
 */
public record DecoderPlan(DecoderSpec spec, Map<String, Tensor> tensors, Set<String> plusOne, float[] ropeFreqs) {}
