"""Every code that a finding may have: how bad it is, what it means, and what to do. docs/findings.md tells them too."""

from __future__ import annotations

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Code:
    """The meaning of one code. ``severity`` is ``error`` (a verdict is no longer ok) or ``warning``."""

    severity: str
    meaning: str
    cure: str


CODES: dict[str, Code] = {
    # Nodes that Studio counts as incomplete (Studio models.py ContentNode.mark_complete)
    "title-missing": Code(ERROR, "The node has no title.", "Give it a title."),
    "license-missing": Code(ERROR, "The resource has no license.", "Pass a license to the node."),
    "license-description-missing": Code(
        ERROR, "A license of one's own (Special Permissions) has no description.", "Pass its description."
    ),
    "copyright-holder-missing": Code(
        ERROR, "The license demands a copyright holder, and there is none.", "Pass copyright_holder with the license."
    ),
    "default-file-missing": Code(
        ERROR, "The resource has no file but thumbnails and subtitles.", "See why its file failed: the chef's log."
    ),
    "questions-missing": Code(
        ERROR, "The exercise has no question with a text and a complete answer.", "Add questions, or leave it out."
    ),
    "mastery-missing": Code(
        ERROR, "The exercise does not say when it is mastered.", "Pass exercise_data with a mastery_model."
    ),
    "criteria-missing": Code(
        ERROR, "A topic with the modality UNIT has no completion criteria.", "Give it a pre- and post-test."
    ),
    "criteria-invalid": Code(ERROR, "The completion criteria do not fit the kind.", "Use a model that fits."),
    # Files
    "file-never-uploaded": Code(
        ERROR, "A file is referred to and was never uploaded.", "Upload it first; Studio refuses the whole chunk."
    ),
    "file-never-used": Code(
        WARNING, "A file was uploaded and nothing refers to it.", "See which node should have: it may be lost."
    ),
    "file-bytes-differ": Code(ERROR, "The stored bytes do not have the checksum in their name.", "Upload them again."),
    "file-size-differs": Code(WARNING, "The announced size is not that of the bytes.", "Send the size of the file."),
    "file-extension-differs": Code(
        ERROR, "The bytes are of another format than the extension says.", "Name the file after what it is."
    ),
    "file-language-unknown": Code(
        ERROR,
        "le_utils does not know a file's language: Studio drops the file and the rest of the node's files.",
        "Use a language code of le_utils, such as 'en' or 'pt-BR'.",
    ),
    "thumbnail-unreadable": Code(WARNING, "A thumbnail is no image that can be read.", "Make it a PNG or JPEG."),
    "channel-thumbnail-missing": Code(WARNING, "The channel has no thumbnail.", "Pass channel_thumbnail."),
    "channel-thumbnail-lost": Code(
        ERROR, "The channel names a thumbnail that was never uploaded.", "Upload it before create_channel."
    ),
    # Questions
    "question-image-missing": Code(
        ERROR,
        "A question shows an image that is not in the package: learners see a broken picture.",
        "Check the chef's log for the image error; in Perseus, give images as file: or https: addresses.",
    ),
    "question-widget-missing": Code(
        ERROR,
        "A Perseus question places a widget that it does not define: learners see a hole.",
        "Define the widget under its name in widgets, or remove its mark from the text.",
    ),
    "question-not-answerable": Code(
        ERROR, "Nobody can answer a question of the exercise.", "Give each question a text and a correct answer."
    ),
    "answer-not-a-number": Code(
        WARNING,
        "A typed answer is not a number: Kolibri's field takes 7, -1.5, 3/4 and 1 1/2, and counts the rest as wrong.",
        "Expect a number, or ask with a question to choose from.",
    ),
    "perseus-invalid": Code(
        ERROR, "A question is not valid Perseus: Kolibri shows an error in its place.", "Export the question again."
    ),
    "mastery-unreachable": Code(
        ERROR, "Nobody can master the exercise.", "Pass whole numbers m and n with m from 1 to n."
    ),
    # Texts
    "text-looks-wrong": Code(
        WARNING,
        "Learners will not read a text as it was meant.",
        "Decode it as UTF-8, unescape its HTML, and write formulas between $$ and $$.",
    ),
    # Subtitles
    "subtitle-language-missing": Code(
        ERROR, "Subtitles have no language: the player does not offer them.", "Pass language to SubtitleFile."
    ),
    "subtitle-repeated": Code(
        WARNING,
        "Several subtitles of a film have one language: learners cannot tell them apart.",
        "Keep one for each language, or use a regional code such as en-GB.",
    ),
    "subtitle-language-doubtful": Code(
        WARNING,
        "Subtitles are not in the writing system of their language: they may be in another one.",
        "Check the language of SubtitleFile.",
    ),
    "subtitle-after-the-end": Code(
        WARNING,
        "Subtitles go on after the end of the film: they may belong to another cut, and are never shown.",
        "Use the subtitles of this film.",
    ),
    # Questions
    "question-image-shared": Code(
        WARNING,
        "Several questions show one image: in the QTI package that Studio writes, only the last of them has it.",
        "Give each question an image file with bytes of its own.",
    ),
    "question-needs-qti": Code(
        WARNING,
        "The exercise is published as QTI only: a Kolibri without a QTI viewer does not show it.",
        "Ask by single choice, multiple choice or text entry, and put raw Perseus into an exercise of its own.",
    ),
    # What is inside files
    "file-empty": Code(ERROR, "A file is empty: it has 0 bytes.", "Get it again, and check what the download says."),
    "archive-reference-missing": Code(
        ERROR,
        "An archive asks for something that learners cannot get from it.",
        "Put it into the archive under exactly that name, and address it relative to the page that asks.",
    ),
    "archive-needs-web": Code(
        WARNING,
        "An archive takes a part of itself from the web, and learners are offline.",
        "Put that part into the archive, and address it there.",
    ),
    "archive-link-dead": Code(
        WARNING,
        "A page of an archive links to something that is not in it.",
        "Add what it links to, or remove the link.",
    ),
    "archive-damaged": Code(
        ERROR, "An archive, or a part that it cannot be opened without, is damaged.", "Make or download it again."
    ),
    "document-locked": Code(
        ERROR, "A file is encrypted: Kolibri opens no DRM, and asks for no password.", "Use a copy without protection."
    ),
    "document-unreadable": Code(ERROR, "A document cannot be opened.", "Make or download it again."),
    "image-unreadable": Code(ERROR, "An image cannot be shown whole.", "Make or download it again."),
    "media-not-playable": Code(
        ERROR,
        "A film or a sound does not play in browsers.",
        "Encode it as MP4 with H.264 (8 bit, 4:2:0) and AAC, as WebM, or as MP3.",
    ),
    "media-without-sound": Code(
        WARNING, "Browsers play a film without its sound.", "Encode its sound as AAC, MP3, Opus or Vorbis."
    ),
    "media-cut-short": Code(ERROR, "A film or a sound ends before its end: bytes are missing.", "Download it again."),
    "subtitle-unreadable": Code(
        ERROR, "Subtitles cannot be read: they do not appear.", "Save them as WebVTT in UTF-8."
    ),
    # Trees
    "topic-empty": Code(
        WARNING, "There is no resource below the topic: a publish leaves it out.", "Fill it, or do not send it."
    ),
    "channel-empty": Code(
        ERROR, "Not one resource arrived.", "Check what the chef found: its source may have changed."
    ),
    "node-id-repeated": Code(
        ERROR, "Two siblings have one node_id.", "Give them different source_ids: node_ids derive from them."
    ),
    "node-id-in-two-places": Code(
        ERROR, "One node_id stands in two places: Kolibri knows only one of them.", "Use different source_ids."
    ),
    "language-missing": Code(ERROR, "The channel has no language: it cannot be published.", "Pass channel_language."),
    "preset-wrong-for-kind": Code(
        ERROR,
        "A file's preset does not fit the node's kind or the file's extension: Kolibri has no viewer for it.",
        "Use the node and file classes of ricecooker that belong together, such as VideoNode and VideoFile.",
    ),
    "topic-for-coaches-only": Code(
        WARNING,
        "All resources of a topic are for coaches: learners see an empty folder.",
        "Give learners something in it, or set its role to coach.",
    ),
    "twin-resources": Code(
        WARNING, "One folder has the same resource twice: same title, same content.", "Add it once."
    ),
    "content-id-shared": Code(
        WARNING,
        "Different contents have the same content_id: progress in one counts as progress in the others.",
        "Give each its own source_id (or content_id), also in different topics.",
    ),
    "channel-language-unused": Code(
        WARNING,
        "No resource has the channel's language: who filters by language does not find it.",
        "Pass the language of the resources as channel_language, or 'mul' for several.",
    ),
    "role-unknown": Code(WARNING, "The role is none of le_utils'.", "Use 'learner' or 'coach'."),
    "kind-missing": Code(ERROR, "The node has no kind: nothing can show it.", "Send a content kind of le_utils."),
    "quota-broken-by-staging": Code(
        ERROR,
        "What is staged does not fit into the user's disk space: Studio will refuse to deploy it.",
        "Ask for more space, or send less.",
    ),
    # Runs
    "run-unfinished": Code(
        ERROR, "The run stopped before finish_channel: nothing of it can be seen in Studio.", "See the chef's log."
    ),
    "node-skipped": Code(
        WARNING, "The node_id stood below its parent already: Studio skipped it.", "Create the channel anew first."
    ),
    "chunk-children-lost": Code(
        ERROR,
        "The last node of a chunk was not added: ricecooker then sends no children of that chunk (its issue #739).",
        "Make the last node of the chunk work, or give it another place.",
    ),
    "parent-lost": Code(
        ERROR, "Children were sent with root_id null: their topic was not added.", "See why the topic was not added."
    ),
    "stage-ignored": Code(
        WARNING,
        "The chef asked for stage: false. The deployed Studio ignores that: the channel waits in staging there.",
        "Press Deploy in Studio after the run, or leave --deploy away.",
    ),
    "published-without-deploy": Code(
        WARNING,
        "The channel was published while its newest tree waits in staging: the older tree was exported.",
        "Deploy first.",
    ),
    "live-metadata-overwritten": Code(
        WARNING,
        "create_channel changed the published channel at once, before anything was staged.",
        "Be sure that the new description fits the tree that is live.",
    ),
    # This run against an earlier one
    "node-removed": Code(
        WARNING,
        "A resource of the earlier run is gone: lessons and bookmarks lose it at the next update.",
        "Send it again if that is not meant.",
    ),
    "content-id-changed": Code(
        WARNING,
        "The resource has another content_id than before: learners lose their progress in it.",
        "Keep its source_id: make it of something that stays, not of an address or a title.",
    ),
    "node-id-changed": Code(
        WARNING,
        "The resource has another node_id than before: lessons and bookmarks lose it, progress stays.",
        "Keep it below the same topic, and keep that topic's source_id.",
    ),
    "channel-again": Code(
        WARNING,
        "A channel of this name and domain is there already under another id: its users stay with the old one.",
        "Keep the channel's source_id; or give the new channel another name.",
    ),
    "version-outdated": Code(WARNING, "Studio warns of this ricecooker version.", "Upgrade ricecooker."),
    "version-refused": Code(ERROR, "Studio refuses this ricecooker version.", "Upgrade ricecooker."),
    # PublishJob
    "publish-failed": Code(ERROR, "The channel was not published.", "Mend what the cause names, and publish again."),
    "publish-changed": Code(
        WARNING, "The node did not reach the published channel as it was sent.", "Mend what the reason names."
    ),
    # Declared against received
    "node-not-received": Code(
        ERROR, "The chef's own tree has the node, and it never arrived.", "See the refusals and the chef's log."
    ),
    "file-not-received": Code(
        ERROR, "The chef's own tree has the file, and it arrived without it.", "See the chef's log for this file."
    ),
    "file-failed": Code(
        ERROR,
        "The chef could not get a file, and went on without it.",
        "See that the file is there and is what its name says.",
    ),
    "question-text-lost": Code(
        ERROR,
        "ricecooker took a part of a question's text for an HTML tag, and dropped it.",
        "Write a space after each < ('a < b').",
    ),
    "field-cut": Code(WARNING, "A text was longer than Studio keeps, and arrived cut.", "Shorten it."),
    "field-differs": Code(WARNING, "A field arrived other than the chef's own tree has it.", "See who changed it."),
}
