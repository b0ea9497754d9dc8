package ai.postdev.dragon.model.template;

/**
 * What a template may take.
 *
 * @param sourceMax characters of the template
 * @param stepsMax steps of one rendering; about a second of work
 * @param charactersMax of any text that is made, and of the rendering
 * @param itemsMax of any list that is made
 * @param nestingMax of what lies within each other: brackets, blocks, calls of macros, lists
 */
record TemplateBounds(int sourceMax, long stepsMax, int charactersMax, int itemsMax, int nestingMax) {
    static final TemplateBounds STANDARD = new TemplateBounds(1 << 20, 10_000_000, 16 << 20, 100_000, 64);
}
