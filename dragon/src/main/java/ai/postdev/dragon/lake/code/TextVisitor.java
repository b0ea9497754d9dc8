package ai.postdev.dragon.lake.code;

/** Is handed one text after another. */
@FunctionalInterface
public interface TextVisitor {
    /**
     * Looks at a text.
     *
     * @param text UTF-8 from the start; what lies beyond {@code length} does not belong to it. Valid during the call, never changed
     * @return whether another one is wanted
     */
    boolean visit(Document document, byte[] text, int length);
}
