package ai.postdev.developer.ingest;

/** Why a path is not remembered. The ids are what {@code projects} shows. */
public enum Skip {
    /** An ignore rule leaves it out. */
    IGNORED("ignored"),
    /** Its content is no text. */
    BINARY("binary"),
    /** It is larger than {@code file-bytes-max}. */
    TOO_LARGE("too-large"),
    /** The file system refuses to show it. */
    UNREADABLE("unreadable"),
    /** Its name says that it holds secrets, or has one in it; it is never opened. */
    SECRET("secret"),
    /** A symbolic link: what it points to is remembered under its own name if it lies inside the folder. */
    SYMLINK("symlink"),
    /** Another repository inside this one. */
    SUBMODULE("submodule"),
    /** Its name is not valid UTF-8. */
    UNDECODABLE_NAME("undecodable-name"),
    /** A pipe, socket or device. */
    SPECIAL("special"),
    /** The workspace has more files than {@code files-max}. */
    TOO_MANY("too-many");

    private final String id;

    Skip(String id) {
        this.id = id;
    }

    /** The name in answers. */
    public String id() {
        return id;
    }
}
