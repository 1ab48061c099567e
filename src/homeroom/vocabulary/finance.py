ITEMS: dict[str, str] = {
    "V33": "Students (F-33)",
    "TOTALEXP": "Total expenditure",
    "TCURELSC": "Current spending on elementary and secondary education",
    "E17": "Pupil support services",
}
