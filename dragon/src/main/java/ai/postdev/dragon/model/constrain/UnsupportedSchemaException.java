package ai.postdev.dragon.model.constrain;

/** A schema asks for something that cannot be guaranteed. */
public final class UnsupportedSchemaException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String pointer;

    UnsupportedSchemaException(String pointer, String message) {
        super("the JSON schema cannot be followed: at " + (pointer.isEmpty() ? "its root" : pointer) + " " + message);
        this.pointer = pointer;
    }

    /** Where in the schema, as a JSON pointer. */
    public String pointer() {
        return pointer;
    }
}
