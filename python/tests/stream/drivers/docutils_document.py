import docutils.core

TEXT = """\
Title
=====

A paragraph with *emphasis* and a reference_.

.. note:: A note.

.. _reference: http://example.org
"""

settings = {"_disable_config": True, "report_level": 5}
print(docutils.core.publish_string(TEXT, writer="pseudoxml", settings_overrides=settings).decode())
