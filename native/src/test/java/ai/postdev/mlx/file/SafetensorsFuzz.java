package ai.postdev.mlx.file;

/** What Jazzer calls with bytes of its own making: {@code mvn -pl native verify -Pfuzz}. */
public final class SafetensorsFuzz {
    private SafetensorsFuzz() {}

    /** Everything but an answer or a {@link ModelFileException} is a finding. */
    public static void fuzzerTestOneInput(byte[] data) {
        try (SafetensorsFile file = SafetensorsFile.of(data)) {
            for (Tensor tensor : file.tensors().values()) {
                if (tensor.data().byteSize()
                        != tensor.elements() * tensor.type().blockBytes()) {
                    throw new IllegalStateException("a tensor of another size than its shape says: " + tensor);
                }
            }
        } catch (ModelFileException e) {
            if (e.getMessage().isBlank()) {
                throw new IllegalStateException("an error that says nothing", e);
            }
        }
    }
}
